import type { EarlyWarningView } from '@twinloop/client';
import { counted } from '../../format/numbers.js';
import { Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';

const SHOWN = 3;

/** What moved between the windows, newest first. Nothing follows from it alone, so it is quiet, and absent when there is none. */
export function EarlyWarnings({ warnings }: { warnings: readonly EarlyWarningView[] }) {
  if (warnings.length === 0) return null;
  const older = warnings.slice(SHOWN);
  return (
    <Section title="Early warnings" note="row by row, before a window can tell; the windows decide on alarms">
      <Warnings warnings={warnings.slice(0, SHOWN)} />
      {older.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer py-1 text-xs text-soft">
            {counted(older.length, 'older warning')}
          </summary>
          <Warnings warnings={older} />
        </details>
      )}
    </Section>
  );
}

function Warnings({ warnings }: { warnings: readonly EarlyWarningView[] }) {
  return (
    <ul>
      {warnings.map(({ stream, at, sentence, evidence }) => (
        <li
          key={`${stream}/${at}/${sentence}`}
          className="grid gap-x-3 border-b border-line py-1.5 md:grid-cols-[110px_60px_minmax(0,1fr)]"
          title={evidence.method}
        >
          <span className="text-soft">
            <Time at={at} form="day" />
          </span>
          <code>{stream}</code>
          <span className="[overflow-wrap:anywhere]">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
