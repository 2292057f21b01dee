import { Popover } from '@base-ui/react/popover';

/** Several of a few: a button that says how many are chosen, and their checkboxes. */
export function Picker<T extends string>(props: {
  title: string;
  all: readonly (readonly [T, string])[];
  chosen: ReadonlySet<T>;
  onChange: (chosen: ReadonlySet<T>) => void;
}) {
  const { title, all, chosen, onChange } = props;
  const count = all.filter(([name]) => chosen.has(name)).length;
  const toggle = (name: T, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    onChange(next);
  };
  return (
    <Popover.Root>
      <Popover.Trigger className="button">
        {title}
        {count > 0 && <span className="text-soft">{count}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} className="z-20">
          <Popover.Popup className="rounded-md border border-line bg-page p-2 shadow-lg">
            <Popover.Title className="sr-only">{title}</Popover.Title>
            <ul>
              {all.map(([name, label]) => (
                <li key={name}>
                  <label className="flex items-center gap-2 px-2 py-0.5 hover:bg-raised">
                    <input
                      type="checkbox"
                      className="accent-accent"
                      checked={chosen.has(name)}
                      onChange={event => toggle(name, event.target.checked)}
                    />
                    {label}
                  </label>
                </li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
