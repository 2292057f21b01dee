// Prometheus text exposition format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Labels = Readonly<Record<string, string>>;

export interface MetricSample {
  readonly labels?: Labels;
  readonly value: number;
}

export interface HistogramSample {
  readonly labels?: Labels;
  /** Upper bounds in rising order, without +Inf. */
  readonly bounds: readonly number[];
  /** Observations per bucket, not cumulated: one for each bound and one for what lies above the last. */
  readonly counts: readonly number[];
  readonly sum: number;
}

export type MetricFamily =
  | {
      readonly name: string;
      readonly help: string;
      readonly type: 'counter' | 'gauge';
      readonly samples: readonly MetricSample[];
    }
  | {
      readonly name: string;
      readonly help: string;
      readonly type: 'histogram';
      readonly samples: readonly HistogramSample[];
    };

/**
 * The text of metric families, each with HELP and TYPE, ending with a newline.
 * @throws RangeError for a metric or label name outside the grammar, or a histogram whose counts do not fit its bounds
 */
export function exposition(families: readonly MetricFamily[]): string {
  let text = '';
  for (const family of families) {
    checkName(family.name, /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    text += `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`;
    if (family.type === 'histogram') {
      for (const sample of family.samples) text += histogram(family.name, sample);
    } else {
      for (const { labels, value } of family.samples) {
        text += `${family.name}${labelText(labels)} ${valueText(value)}\n`;
      }
    }
  }
  return text;
}

function histogram(name: string, sample: HistogramSample): string {
  const { labels = {}, bounds, counts, sum } = sample;
  if (counts.length !== bounds.length + 1) throw new RangeError(`${name}: one count per bucket is needed`);
  let text = '';
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    total += counts[i]!;
    const le = i < bounds.length ? valueText(bounds[i]!) : '+Inf';
    text += `${name}_bucket${labelText({ ...labels, le })} ${total}\n`;
  }
  return `${text}${name}_sum${labelText(labels)} ${valueText(sum)}\n${name}_count${labelText(labels)} ${total}\n`;
}

function labelText(labels: Labels | undefined): string {
  if (labels === undefined) return '';
  const pairs = Object.entries(labels).map(([name, value]) => {
    checkName(name, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
    return `${name}="${escapeLabel(value)}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function checkName(name: string, grammar: RegExp): void {
  if (!grammar.test(name)) throw new RangeError(`${JSON.stringify(name)} is not a Prometheus name`);
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
