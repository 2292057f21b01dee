import type { DriftCauseView } from '@twinloop/client';
import { percent } from '../../../format/numbers.js';
import { Bar } from '../../../parts/histogram.js';
import { lossWords } from './cells.js';

/** Why the last window departs, heaviest first: share of the weighted drift, and what loss is to be expected of it. */
export function Causes({ causes }: { causes: readonly DriftCauseView[] }) {
  return (
    <ol aria-label="Causes, heaviest first">
      {causes.map(({ subject, weight, expectedLoss, sentence }) => (
        <li
          key={subject}
          className="grid grid-cols-[minmax(0,1fr)_72px_48px] items-center gap-x-3 gap-y-0.5 border-b border-line py-1.5 md:grid-cols-[160px_120px_48px_minmax(0,1fr)_auto]"
        >
          <code className="truncate font-semibold" title={subject}>
            {subject}
          </code>
          <Bar share={weight} width={120} colour="attention" />
          <span className="text-right" title="share of the window's drift, weighted by importance">
            {percent(weight, 0)}
          </span>
          <span className="max-md:col-span-3">{sentence}</span>
          <span className="text-soft max-md:col-span-3">
            {lossWords(expectedLoss) === undefined ? (
              <span className="max-md:hidden">loss: cannot be said</span>
            ) : (
              `expected ${lossWords(expectedLoss)}`
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
