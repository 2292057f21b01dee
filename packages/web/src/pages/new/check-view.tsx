import type { DraftCheck, DraftFinding, LeakageSuspect } from '@twinloop/client';
import { counted, figure } from '../../format/numbers.js';
import { dayYearIn } from '../../format/time.js';
import { CopyButton } from '../../parts/command.js';
import { type Mark, StatusMark } from '../../parts/status-mark.js';
import { type Form, suspectKey, toggled } from './choices.js';

/** Columns that know the answer: evidence in words, and whether they stay out. */
export function Suspects(props: {
  suspects: readonly LeakageSuspect[];
  form: Form;
  onForm: (form: Form) => void;
}) {
  const { suspects, form, onForm } = props;
  if (suspects.length === 0)
    return (
      <p className="flex items-center gap-2">
        <StatusMark mark="ok" /> No column gives the answer away.
      </p>
    );
  return (
    <ul>
      {suspects.map(suspect => {
        const out = suspect.columns.every(c => form.exclude.includes(c));
        return (
          <li key={suspectKey(suspect)} className="border-b border-line py-2">
            <label className="grid grid-cols-[16px_minmax(0,1fr)] items-baseline gap-x-2">
              <input
                type="checkbox"
                className="accent-accent"
                checked={out}
                onChange={event => onForm(toggled(form, suspect.columns, event.target.checked))}
              />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="font-semibold">
                  Leave out <code>{suspect.columns.join(', ')}</code>
                </span>
                <span className="block">{suspect.sentence}</span>
                <span className="block text-xs text-soft">
                  {suspect.evidence}
                  {!out && ' · ▲ kept: the model will look better here than it is'}
                </span>
              </span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}

const MARK: Readonly<Record<DraftFinding['level'], Mark>> = {
  error: 'fail',
  warning: 'attention',
  info: 'idle',
};

/** What was noticed about the data, what stands in the way first, each with what to do. */
export function Findings({ findings }: { findings: readonly DraftFinding[] }) {
  const order = ['error', 'warning', 'info'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  return (
    <ul>
      {sorted.map(finding => (
        <li
          key={`${finding.code} ${finding.column ?? ''} ${finding.message}`}
          className="grid grid-cols-[16px_minmax(0,1fr)] items-start gap-x-2 border-b border-line py-2"
        >
          <span className="pt-0.5">
            <StatusMark mark={MARK[finding.level]} />
          </span>
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <span className="sr-only">{finding.level}: </span>
            {finding.column !== undefined && <code>{finding.column}: </code>}
            {finding.message}
            <span className="block text-xs text-soft">{finding.hint}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Local hours that daylight saving leaves out or has twice. */
export function Clock({ clock, timezone }: { clock: DraftCheck['clock']; timezone: string }) {
  const { from, until } = clock;
  const hit = (hours: DraftCheck['clock']['skipped']) => hours.filter(({ rows }) => rows > 0);
  const [skipped, doubled] = [hit(clock.skipped), hit(clock.doubled)];
  const named = (hours: DraftCheck['clock']['skipped']): string =>
    hours
      .slice(0, 6)
      .map(h => `${h.local} (${counted(h.rows, 'row')})`)
      .join(', ') + (hours.length > 6 ? ` and ${hours.length - 6} more` : '');
  if (timezone === '') return null;
  return (
    <div className="grid gap-1">
      {from !== undefined && until !== undefined && (
        <p>
          From {dayYearIn(from, timezone)} to {dayYearIn(until, timezone)}, read in {timezone}.
        </p>
      )}
      {skipped.length > 0 && (
        <p>Hours that do not exist there, because the clocks went forward: {named(skipped)}.</p>
      )}
      {doubled.length > 0 && (
        <p>Hours that came twice there, because the clocks went back: {named(doubled)}.</p>
      )}
      {skipped.length === 0 && doubled.length === 0 && (
        <p className="text-soft">No row lies in an hour that daylight saving leaves out or doubles.</p>
      )}
    </div>
  );
}

/** The rules the data will be held to, and the figure to beat. */
export function Promises({ check }: { check: DraftCheck }) {
  return (
    <>
      {check.baseline !== undefined && (
        <p className="mb-2">
          {check.baseline.sentence.replace(/\.$/, '')}:{' '}
          <b className="font-semibold">{figure(check.baseline.value)}</b> is the figure to beat.
        </p>
      )}
      <p className="text-soft">
        {counted(check.features.length, 'input')}; {counted(check.expectations.length, 'rule')} that every new
        version of the data must keep:
      </p>
      <ul className="list-disc pl-5 text-soft">
        {check.expectations.slice(0, 8).map(rule => (
          <li key={rule} className="[overflow-wrap:anywhere]">
            {rule}
          </li>
        ))}
        {check.expectations.length > 8 && <li>and {check.expectations.length - 8} more</li>}
      </ul>
    </>
  );
}

/** The project file as it will be written: to read and to take along, not to edit here. */
export function Yaml({ text }: { text: string }) {
  return (
    <div className="min-w-0 border-l-2 border-line bg-raised">
      <div className="flex items-center justify-between py-1 pr-1 pl-3">
        <code>twinloop.yaml</code>
        <CopyButton text={text} what="the project file" />
      </div>
      <pre
        className="max-h-[320px] overflow-auto px-3 pb-3"
        tabIndex={0}
        role="region"
        aria-label="twinloop.yaml, as it will be written"
      >
        {text}
      </pre>
    </div>
  );
}
