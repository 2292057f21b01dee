import { useEffect, useRef, useState } from 'react';

export function CopyButton({
  text,
  label = 'Copy',
  what,
}: {
  text: string | (() => string);
  label?: string;
  what?: string;
}) {
  const [said, setSaid] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setSaid('Copied');
    } catch {
      // The browser refuses (no permission, not a secure page): the text is selectable beside the button.
      setSaid('Select it to copy');
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(''), 1600);
  };
  return (
    <button type="button" className="button button-quiet" onClick={() => void copy()}>
      {what !== undefined && <span className="sr-only">{`${label} ${what}`}</span>}
      <span aria-hidden={what !== undefined}>{said || label}</span>
      <span role="status" className="sr-only">
        {said}
      </span>
    </button>
  );
}

/** A command line, ready to copy. */
export function Command({ text, what = 'the command' }: { text: string; what?: string }) {
  return (
    <div className="flex min-w-0 items-start gap-1 border-l-2 border-line bg-raised py-1 pr-1 pl-3">
      <code className="min-w-0 flex-1 py-1 leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {text}
      </code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
