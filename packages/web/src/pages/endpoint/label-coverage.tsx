import type { LabelCoverage, LabelsView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { counted, percent, whole } from '../../format/numbers.js';
import { duration } from '../../format/time.js';
import { labelsQuery } from '../../live/queries.js';
import { Chart } from '../../parts/chart/chart.js';
import { Wide } from '../../parts/layout/wide.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/page.js';

const DECLARED: Readonly<Record<LabelsView['declared'], string>> = {
  complete: 'Declared complete: every case gets its label in the end, so missing ones are late or lost.',
  selective:
    'Declared selective: only cases that were acted on get a label, so labels do not speak for all cases.',
  never: 'Declared as never coming: nothing is decided on labels here; drift and estimates are all there is.',
};

/** How many of the labels that are due have come: by variant, and over time. */
export function LabelsSection({ project, endpoint }: { project: string; endpoint: string }) {
  const query = useQuery(labelsQuery(project, endpoint));
  return (
    <Section
      title="Labels"
      {...(query.data === undefined
        ? {}
        : { note: `due ${duration(query.data.settleMs)} after the prediction` })}
    >
      <Loaded query={query}>{view => <Coverage view={view} />}</Loaded>
    </Section>
  );
}

export const shareOf = ({ due, labelled }: LabelCoverage): number | null =>
  due === 0 ? null : labelled / due;
const shareInWords = (coverage: LabelCoverage): string => {
  const share = shareOf(coverage);
  return share === null ? 'none due' : percent(share);
};

function Coverage({ view }: { view: LabelsView }) {
  const { byVariant, overTime } = view;
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,460px)]">
      {overTime.some(d => d.due > 0) ? (
        <Chart
          title="Share of the due labels that have come, by day of the prediction"
          data={{
            x: overTime.map(d => d.from),
            lines: [
              {
                label: 'labelled, of those due',
                values: overTime.map(shareOf),
                colour: 'accent',
                width: 2,
                points: true,
              },
              {
                label: 'due, of all',
                values: overTime.map(d => (d.predictions === 0 ? null : d.due / d.predictions)),
                colour: 'soft',
                dash: [3, 3],
              },
            ],
            n: overTime.map(d => d.due),
          }}
          thresholds={[{ value: 1, label: 'all' }]}
          decimals={3}
          height={180}
        />
      ) : (
        <p className="py-4 text-soft">No label is due yet; the first will show here how many come.</p>
      )}
      <div className="min-w-0">
        <p className="mb-3">{DECLARED[view.declared] ?? view.declared}</p>
        <Wide label="Labels by variant">
          <table className="table">
            <thead>
              <tr>
                <th>Variant</th>
                <th className="num">Predictions</th>
                <th className="num">Due</th>
                <th className="num">Labelled</th>
                <th className="num">Coverage</th>
              </tr>
            </thead>
            <tbody>
              {byVariant.map(row => (
                <tr key={`${row.variant} ${row.model}`}>
                  <td>
                    {row.variant} <code className="text-soft">{row.model}</code>
                  </td>
                  <td className="num">{whole(row.predictions)}</td>
                  <td className="num">{whole(row.due)}</td>
                  <td className="num">{whole(row.labelled)}</td>
                  <td className="num font-semibold">{shareInWords(row)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
        <p className="mt-2 text-xs text-soft">
          {counted(view.unknown, 'outcome')} named no known prediction; {counted(view.corrected, 'label')}{' '}
          {view.corrected === 1 ? 'was' : 'were'} corrected later.
          {uneven(byVariant) &&
            ' ▲ The variants are labelled unequally: a rollout on such labels is inconclusive.'}
        </p>
      </div>
    </div>
  );
}

/** Whether coverage differs between variants by more than a tenth; only said, the rollout has its own test. */
function uneven(rows: LabelsView['byVariant']): boolean {
  const shares = rows.map(shareOf).filter(share => share !== null);
  return shares.length > 1 && Math.max(...shares) - Math.min(...shares) > 0.1;
}
