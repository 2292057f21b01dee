import { type ReactNode, useId, useState } from 'react';

/** A name, its control below, and one line on what it means. */
export function Field({
  name,
  note,
  children,
}: {
  name: string;
  note?: ReactNode;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label htmlFor={id} className="font-semibold">
        {name}
      </label>
      {children(id)}
      {note !== undefined && <div className="text-xs text-soft">{note}</div>}
    </div>
  );
}

/**
 * One of many names, found by typing. What is typed counts when it is one of them, or, with `free`, when the field
 * is left; anything else says so and changes nothing.
 */
export function NameField(props: {
  id: string;
  value: string;
  names: readonly string[];
  onChange: (value: string) => void;
  placeholder?: string;
  /** Empty is an answer. */
  optional?: boolean;
  /** Names beyond those listed exist. */
  free?: boolean;
}) {
  const { id, value, names, onChange, placeholder, optional = false, free = false } = props;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? value;
  const known = names.includes(text) || (optional && text === '');
  return (
    <>
      <input
        id={id}
        className="field w-full min-w-0"
        list={`${id}list`}
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={typed !== undefined && !known && !free}
        aria-describedby={typed !== undefined && !known && !free ? `${id}no` : undefined}
        onChange={event => {
          const next = event.target.value;
          if (names.includes(next) || (optional && next === '')) {
            setTyped(undefined);
            onChange(next);
          } else setTyped(next);
        }}
        onBlur={() => {
          if (typed === undefined) return;
          if (free && typed.trim() !== '') {
            onChange(typed.trim());
            setTyped(undefined);
          } else if (typed.trim() === '') setTyped(undefined);
        }}
      />
      <datalist id={`${id}list`}>
        {names.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {typed !== undefined && typed !== '' && !known && !free && (
        <p id={`${id}no`} className="text-xs text-attention">
          ▲ nothing has this name yet; type on, or take one of the list
        </p>
      )}
    </>
  );
}
