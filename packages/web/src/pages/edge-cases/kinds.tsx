import type { EdgeCasesView } from '@twinloop/client';
import { whole } from '../../format/numbers.js';
import { Bar } from '../../parts/histogram.js';
import { kindKey, kindWords } from './answer.js';

/** How many requests are strange for which reason; a reason chooses its requests. */
export function Kinds({
  view,
  chosen,
  onChoose,
}: {
  view: EdgeCasesView;
  chosen: string | undefined;
  onChoose: (reason: string | undefined) => void;
}) {
  const most = Math.max(1, ...view.kinds.map(({ count }) => count));
  return (
    <ul className="grid max-w-[760px] gap-x-8 sm:grid-cols-2" aria-label="Reasons">
      {view.kinds
        .toSorted((a, b) => b.count - a.count)
        .map(each => {
          const key = kindKey(each);
          return (
            <li key={key} className="border-b border-line">
              <button
                type="button"
                aria-pressed={key === chosen}
                onClick={() => onChoose(key === chosen ? undefined : key)}
                className="grid w-full grid-cols-[minmax(0,1fr)_72px_40px] items-center gap-3 px-1 py-1 text-left hover:bg-raised aria-pressed:bg-accent-wash"
              >
                <span className="truncate">
                  {each.column === null ? null : <code>{each.column} </code>}
                  {kindWords(each.kind)}
                </span>
                <Bar share={each.count / most} width={72} colour={key === chosen ? 'accent' : 'soft'} />
                <span className="text-right">{whole(each.count)}</span>
              </button>
            </li>
          );
        })}
    </ul>
  );
}
