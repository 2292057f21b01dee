import type { DraftCheck, DraftFinding, DraftTask, DraftTime, DraftView } from '@twinloop/client';
import { whole } from '../../format/numbers.js';
import { type Form, timeInWords, withLabel } from './choices.js';
import { Field, NameField } from './fields.js';

const TASKS: readonly (readonly [DraftTask, string])[] = [
  ['binary', 'yes or no'],
  ['multiclass', 'one of several classes'],
  ['regression', 'a number'],
];
const ZONES = Intl.supportedValuesOf('timeZone');
const ALL_ZONES = ZONES.includes('UTC') ? ZONES : ['UTC', ...ZONES];
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const DELAYS = ['1h', '1d', '2d', '7d', '30d'];

/** Label, task, time with its zone, key, delay. Suggestions are filled in, except for the zone. */
export function ChoicesForm(props: {
  draft: DraftView;
  form: Form;
  check: DraftCheck | undefined;
  onForm: (form: Form) => void;
}) {
  const { draft, form, check, onForm } = props;
  const names = draft.columns.map(c => c.name);
  const free = draft.columnCount > names.length;
  const suggested = (name: string): string =>
    name !== '' && draft.suggestions.label.includes(name) ? 'suggested' : 'chosen';
  const task = form.task === '' ? check?.task : form.task;
  // Which of three or more values counts as yes is for a person to say; nothing looks chosen before.
  const unsure = (check?.classes?.length ?? 0) > 2;
  return (
    <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-3">
      <Field
        name="Label: what is to be predicted"
        note={
          form.label === ''
            ? 'The column that holds the answer.'
            : `${suggested(form.label)}${
                draft.suggestions.label.length > 1
                  ? `; also likely: ${draft.suggestions.label
                      .filter(l => l !== form.label)
                      .slice(0, 3)
                      .join(', ')}`
                  : ''
              }`
        }
      >
        {id => (
          <NameField
            id={id}
            value={form.label}
            names={names}
            free={free}
            placeholder="type a column’s name"
            onChange={label => onForm(withLabel(form, label))}
          />
        )}
      </Field>

      <fieldset className="grid content-start gap-1">
        <legend className="mb-1 font-semibold">Task: what kind of answer</legend>
        <div className="flex flex-wrap gap-1">
          {TASKS.map(([name, words]) => (
            <button
              key={name}
              type="button"
              className="button"
              aria-pressed={task === name}
              title={words}
              onClick={() => onForm({ ...form, task: name })}
            >
              {name}
            </button>
          ))}
        </div>
        <p className="text-xs text-soft">
          {TASKS.find(([name]) => name === task)?.[1] ?? 'The label’s values say it once they are read.'}
          {form.task === '' && task !== undefined ? ', by the label’s values' : ''}
        </p>
      </fieldset>

      {task === 'binary' && check?.classes !== undefined ? (
        <Field name="Which value counts as yes" note={classesInWords(check)}>
          {id => (
            <select
              id={id}
              className="field w-full"
              value={form.positive !== '' ? form.positive : unsure ? '' : (check.positive ?? '')}
              onChange={event => onForm({ ...form, positive: event.target.value })}
            >
              {unsure && form.positive === '' && <option value="">choose …</option>}
              {check.classes!.map(({ value }) => (
                <option key={value}>{value}</option>
              ))}
            </select>
          )}
        </Field>
      ) : (
        <Field name="Key: what names a row" note="Optional. A label that comes later finds its row by it.">
          {id => <KeyField id={id} form={form} names={names} free={free} onForm={onForm} />}
        </Field>
      )}

      <TimeFields
        draft={draft}
        findings={check?.findings ?? draft.findings}
        form={form}
        names={names}
        free={free}
        onForm={onForm}
      />

      {form.time !== null && !('order' in form.time) && (
        <Field
          name="Time zone of these times"
          note={
            form.timezone === '' ? (
              <>
                Asked, never guessed: the zone in which they were written down.{' '}
                <button type="button" className="link" onClick={() => onForm({ ...form, timezone: HERE })}>
                  Use {HERE}, this browser’s
                </button>
              </>
            ) : (
              'Hours that its daylight saving leaves out or doubles are named below.'
            )
          }
        >
          {id => (
            <NameField
              id={id}
              value={form.timezone}
              names={ALL_ZONES}
              placeholder="type to search: Europe/…"
              onChange={timezone => onForm({ ...form, timezone })}
            />
          )}
        </Field>
      )}

      {task === 'binary' && check?.classes !== undefined && (
        <Field name="Key: what names a row" note="Optional. A label that comes later finds its row by it.">
          {id => <KeyField id={id} form={form} names={names} free={free} onForm={onForm} />}
        </Field>
      )}

      <Field
        name="When the label is known"
        note="Optional. A time after the row (2d), or the column that says it; empty: at once."
      >
        {id => (
          <NameField
            id={id}
            value={form.delay}
            names={[...DELAYS, ...names]}
            optional
            free
            placeholder="at once"
            onChange={delay => onForm({ ...form, delay })}
          />
        )}
      </Field>
    </div>
  );
}

interface Part {
  readonly form: Form;
  readonly names: readonly string[];
  readonly free: boolean;
  readonly onForm: (form: Form) => void;
}

function KeyField({ id, form, names, free, onForm }: Part & { id: string }) {
  return (
    <NameField
      id={id}
      value={form.key}
      names={names}
      free={free}
      optional
      placeholder="none"
      onChange={key => onForm({ ...form, key })}
    />
  );
}

const OTHER = 'other';

function TimeFields(props: Part & { draft: DraftView; findings: readonly DraftFinding[] }) {
  const { draft, findings, form, names, free, onForm } = props;
  const offered: readonly DraftTime[] = draft.suggestions.time.some(t => 'order' in t)
    ? draft.suggestions.time
    : [...draft.suggestions.time, { order: 'rows' }];
  const chosen = JSON.stringify(form.time);
  const other = form.time === null || !offered.some(t => JSON.stringify(t) === chosen);
  const ambiguous = findings.some(f => f.code === 'time_ambiguous');
  return (
    <>
      <Field
        name="Time: when a row happened"
        note="Rows are learned from in this order; nothing sees its future."
      >
        {id => (
          <select
            id={id}
            className="field w-full"
            value={other ? OTHER : chosen}
            onChange={event => {
              const { value } = event.target;
              onForm({ ...form, time: value === OTHER ? null : (JSON.parse(value) as DraftTime) });
            }}
          >
            {offered.map(time => (
              <option key={JSON.stringify(time)} value={JSON.stringify(time)}>
                {timeInWords(time)}
              </option>
            ))}
            <option value={OTHER}>another column …</option>
          </select>
        )}
      </Field>
      {other && (
        <Field name="Which column holds the time">
          {id => (
            <NameField
              id={id}
              value={form.time !== null && 'column' in form.time ? form.time.column : ''}
              names={names}
              free={free}
              placeholder="type a column’s name"
              onChange={column => onForm({ ...form, time: { column } })}
            />
          )}
        </Field>
      )}
      {ambiguous && (
        <label className="flex items-baseline gap-2">
          <input
            type="checkbox"
            className="accent-accent"
            checked={form.dayFirst}
            onChange={event => onForm({ ...form, dayFirst: event.target.checked })}
          />
          The day stands first: 01/02 is 1 February
        </label>
      )}
    </>
  );
}

function classesInWords(check: DraftCheck): string {
  return check
    .classes!.slice(0, 4)
    .map(c => `${c.value}: ${whole(c.rows)} rows`)
    .join(' · ');
}
