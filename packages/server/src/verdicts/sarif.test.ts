import type { Verdict } from '@twinloop/kernel';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { toSarif } from '@twinloop/loop/testing';

const verdicts: readonly Verdict[] = [
  { gate: 'metric auc', kind: 'metric', status: 'pass', reason: 'good', evidence: [] },
  {
    gate: 'bias equal_opportunity by origin',
    kind: 'bias',
    status: 'fail',
    reason: 'too far apart',
    evidence: [],
  },
  { gate: 'calibration', kind: 'calibration', status: 'inconclusive', reason: 'not sure', evidence: [] },
  {
    gate: 'predictions',
    kind: 'predictions',
    status: 'fail',
    reason: '2 of 3',
    evidence: [],
    findings: [
      { test: 'fog', message: 'falls by 0.3', file: 'tests/fog & ice.yaml', line: 31 },
      { test: 'storm', message: 'answers 0.2' },
    ],
  },
  { gate: 'size', status: 'fail', reason: 'of an earlier release: no kind', evidence: [] },
];
const places = [12, 13, 14, 15, 16].map(line => ({ file: 'twinloop.yaml', line }));

const text = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string' } },
};
const level = { enum: ['none', 'note', 'warning', 'error'] };
/** The parts of SARIF 2.1.0 (OASIS, §3) that are used here: property names, required ones, value sets. Nothing else is allowed. */
const strict = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const schema = strict(
  {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: strict(
        {
          tool: strict(
            {
              driver: strict(
                {
                  name: { type: 'string' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: strict(
                      {
                        id: { type: 'string' },
                        name: { type: 'string' },
                        shortDescription: text,
                        fullDescription: text,
                        defaultConfiguration: strict({ level }),
                      },
                      ['id'],
                    ),
                  },
                },
                ['name'],
              ),
            },
            ['driver'],
          ),
          automationDetails: strict({ id: { type: 'string' } }),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: {
            type: 'array',
            items: strict(
              {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
                level,
                message: text,
                locations: {
                  type: 'array',
                  items: strict({
                    physicalLocation: strict({
                      artifactLocation: strict({ uri: { type: 'string', pattern: '^[^ &]*$' } }),
                      region: strict({ startLine: { type: 'integer', minimum: 1 } }),
                    }),
                    logicalLocations: {
                      type: 'array',
                      items: strict({ name: { type: 'string' }, kind: { type: 'string' } }),
                    },
                  }),
                },
              },
              ['message'],
            ),
          },
        },
        ['tool'],
      ),
    },
  },
  ['version', 'runs'],
);

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}

describe('SARIF', () => {
  const document = JSON.parse(toSarif('run-3', verdicts, places)) as Sarif;
  const [run] = document.runs;

  it('has the structure of the standard', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has a result for each gate that did not pass, and for each test that does not hold, at its place', () => {
    const told = run!.results.map(({ ruleId, level: severity, message, locations: [place] }) => [
      ruleId,
      severity,
      message.text,
      place!.physicalLocation.artifactLocation.uri,
      place!.physicalLocation.region.startLine,
    ]);
    expect(told).toEqual([
      ['twinloop/gate/bias', 'error', 'too far apart', 'twinloop.yaml', 13],
      ['twinloop/gate/calibration', 'warning', 'not sure', 'twinloop.yaml', 14],
      ['twinloop/gate/predictions', 'error', '"fog" falls by 0.3', 'tests/fog%20%26%20ice.yaml', 31],
      ['twinloop/gate/predictions', 'error', '"storm" answers 0.2', 'twinloop.yaml', 15],
      ['twinloop/gate/size', 'error', 'of an earlier release: no kind', 'twinloop.yaml', 16],
    ]);
  });

  it('points each result to its rule', () => {
    const rules = run!.tool.driver.rules;
    for (const { ruleId, ruleIndex } of run!.results) expect(rules[ruleIndex]!.id).toBe(ruleId);
  });

  it('is empty when everything passed', () => {
    const passed = JSON.parse(toSarif('r', verdicts.slice(0, 1), places)) as Sarif;
    expect(passed.runs[0]!.results).toEqual([]);
  });
});
