import type { DriftCauseView } from '@twinloop/client';
import { useState } from 'react';
import { percent, whole } from '../../../format/numbers.js';
import { Bar } from '../../../parts/histogram.js';
import { causeWords, lossWords } from './cells.js';

/** So many say nearly everything. */
const FIRST = 5;

/** Why the last window departs, heaviest first: share of the weighted drift, and what loss is to be expected of it. */
export function Causes({ causes }: { causes: readonly DriftCauseView[] }) {
  const [all, setAll] = useState(false);
  const most = Math.max(...causes.map(({ weight }) => weight));
  const shown = all ? causes : causes.slice(0, FIRST);
  const rest = causes.slice(FIRST).reduce((sum, { weight }) => sum + weight, 0);
  return (
    <>
      <ol aria-label="Causes, heaviest first">
        {shown.map(({ subject, weight, expectedLoss, sentence }) => (
          <li
            key={subject}
            className="grid grid-cols-[minmax(0,1fr)_72px_40px] items-center gap-x-3 border-b border-line py-1 md:grid-cols-[160px_88px_40px_minmax(0,1fr)_auto]"
          >
            <code className="truncate font-semibold" title={subject}>
              {subject}
            </code>
            <Bar share={weight / most} width={88} colour="attention" />
            <span className="text-right">{percent(weight, 0)}</span>
            <span className="max-md:col-span-3">{causeWords(sentence)}</span>
            {lossWords(expectedLoss) !== undefined && (
              <span className="text-soft max-md:col-span-3">expected {lossWords(expectedLoss)}</span>
            )}
          </li>
        ))}
      </ol>
      {causes.length > FIRST && (
        <button type="button" className="button mt-2" aria-expanded={all} onClick={() => setAll(!all)}>
          {all
            ? `Only the ${whole(FIRST)} heaviest`
            : `${whole(causes.length - FIRST)} more with ${percent(rest, 0)} of the drift`}
        </button>
      )}
    </>
  );
}
