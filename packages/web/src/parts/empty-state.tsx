import { Command } from './command.js';

/** What will appear here, and the lines that make it appear. */
export function EmptyState({
  title,
  children,
  lines,
}: {
  title: string;
  children: string;
  lines: readonly string[];
}) {
  return (
    <div className="max-w-[640px] py-6">
      <h2 className="text-base">{title}</h2>
      <p className="mt-1 mb-4 max-w-[64ch] text-soft">{children}</p>
      <div className="grid gap-1">
        {lines.map(line => (
          <Command key={line} text={line} what={`“${line}”`} />
        ))}
      </div>
    </div>
  );
}
