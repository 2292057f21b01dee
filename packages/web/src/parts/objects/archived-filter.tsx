/** Whether a list shows what was put away too. */
export function ArchivedFilter({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="flex items-center gap-1.5 text-soft">
      <input
        type="checkbox"
        className="accent-accent"
        checked={on}
        onChange={event => onChange(event.target.checked)}
      />
      archived too
    </label>
  );
}

export function ArchivedWord({ archived }: { archived: boolean | undefined }) {
  return archived === true ? <span className="ml-2 text-xs text-soft">archived</span> : null;
}
