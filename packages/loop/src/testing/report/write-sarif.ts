import type { Json, Verdict } from '@twinloop/kernel';

/** Where a gate stands: its file relative to the project's directory, and its line from 1. */
export interface GatePlace {
  readonly file: string;
  readonly line: number;
}

/** What each rule is about, as code scanners show it. */
const RULES: Readonly<Record<string, readonly [title: string, help: string]>> = {
  metric: [
    'Metric',
    'A figure of the held-out rows lies within its bounds, or is not worse than the champion’s.',
  ],
  champion: ['Champion', 'The candidate is not worse than the model in service, row by row.'],
  bias: ['Bias', 'A fairness figure between groups lies within its limit.'],
  slices: ['Slices', 'No part of the rows is worse off.'],
  robustness: ['Robustness', 'Damaged inputs do little damage to the answers.'],
  calibration: ['Calibration', 'Probabilities come true as often as they say.'],
  fuzz: [
    'Fuzz',
    'Extremes, missing values and odd texts are answered with numbers, or refused with a reason.',
  ],
  predictions: ['Prediction tests', 'Known inputs, invariances and directions hold.'],
  latency: ['Latency', 'One prediction is answered in time.'],
  size: ['Size', 'The artefact is small enough.'],
};

/** The kind of a verdict; those of earlier releases say it with the first word of their name. */
export function kindOf({ kind, gate }: Pick<Verdict, 'kind' | 'gate'>): string {
  return kind ?? gate.split(/[ (]/, 1)[0]!;
}

interface Result {
  readonly kind: string;
  readonly gate: string;
  readonly level: 'error' | 'warning';
  readonly text: string;
  readonly place: GatePlace;
}

function resultsOf(verdict: Verdict, place: GatePlace): readonly Result[] {
  if (verdict.status === 'pass') return [];
  const common = {
    kind: kindOf(verdict),
    gate: verdict.gate,
    level: verdict.status === 'fail' ? ('error' as const) : ('warning' as const),
  };
  const findings = verdict.findings ?? [];
  if (findings.length === 0) return [{ ...common, text: verdict.reason, place }];
  return findings.map(({ test, message, input, file, line }) => ({
    ...common,
    text: `${test === undefined ? '' : `"${test}" `}${message}${input === undefined ? '' : ` for ${input}`}`,
    place: file === undefined ? place : { file, line: line ?? 1 },
  }));
}

/**
 * The verdicts as SARIF 2.1.0 (OASIS, 2020), as code scanners read it: one result for each gate that did not pass, and
 * for prediction tests and fuzzing one for each finding. A failed gate is an error, an inconclusive one a warning; what
 * passed is no result. Without times, so the same verdicts give the same bytes.
 * @param places of the gates, in the order of the verdicts
 */
export function toSarif(run: string, verdicts: readonly Verdict[], places: readonly GatePlace[]): string {
  const kinds = [...new Set(verdicts.map(kindOf))];
  const results = verdicts.flatMap((verdict, i) =>
    resultsOf(verdict, places[i] ?? { file: 'twinloop.yaml', line: 1 }),
  );
  const document: Json = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Twinloop',
            rules: kinds.map(kind => {
              const [title, help] = RULES[kind] ?? [kind, kind];
              return {
                id: `twinloop/gate/${kind}`,
                name: title.replaceAll(' ', ''),
                shortDescription: { text: title },
                fullDescription: { text: help },
                defaultConfiguration: { level: 'error' },
              };
            }),
          },
        },
        automationDetails: { id: `twinloop/${run}/` },
        columnKind: 'utf16CodeUnits',
        results: results.map(({ kind, gate, level, text, place }) => ({
          ruleId: `twinloop/gate/${kind}`,
          ruleIndex: kinds.indexOf(kind),
          kind: 'fail',
          level,
          message: { text },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(place.file) },
                region: { startLine: place.line },
              },
              logicalLocations: [{ name: gate, kind: 'member' }],
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** A relative reference; a first segment with a colon would be read as a scheme. */
function uriOf(file: string): string {
  const encoded = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return encoded.replace(/^(?:\.\/)+/, '');
}
