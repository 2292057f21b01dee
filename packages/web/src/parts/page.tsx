import { type ReactNode, useEffect } from 'react';

/** The head of a page: its name, the answer to its question, and what can be done. */
export function PageHead({
  title,
  answer,
  children,
}: {
  title: string;
  answer?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(title);
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 max-w-[920px] flex-1 basis-[320px]">
        <h1 className="text-lg [overflow-wrap:anywhere]">{title}</h1>
        {answer !== undefined && <p className="text-base text-soft">{answer}</p>}
      </div>
      {children !== undefined && <div className="flex flex-wrap gap-2 md:justify-end">{children}</div>}
    </header>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Twinloop`;
  }, [title]);
}

/** A part of a page under its own heading, set off by a hairline. */
export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-8 min-w-0">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-1">
        <h2 className="text-base">{title}</h2>
        {note !== undefined && <p className="text-xs text-soft">{note}</p>}
      </div>
      {children}
    </section>
  );
}

/** Names and values: a definition list in as many columns as fit. */
export function Facts({
  items,
  min = 120,
}: {
  items: readonly (readonly [string, ReactNode])[];
  min?: number;
}) {
  return (
    <dl
      className="grid gap-x-6 gap-y-3"
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(min(${min}px, 100%), 1fr))` }}
    >
      {items.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-soft">{name}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** An id or hash: short, whole on hover, in the monospace. */
export function Id({ id, length = 12 }: { id: string; length?: number }) {
  const shown = /^[0-9a-f]{32,}$/.test(id) ? id.slice(0, length) : id;
  return (
    <code title={id} className="whitespace-nowrap">
      {shown}
    </code>
  );
}
