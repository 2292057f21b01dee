import { Command } from './command.js';
import { DialogClose } from './dialog.js';
import { ErrorPanel } from './error-panel.js';

/** The end of every dialog that acts: the same from a script, what went wrong, cancel and do. */
export function ActionFoot({
  commands,
  error,
  title,
  disabled,
}: {
  commands: { readonly cli: string; readonly api: string };
  error: Error | null;
  title: string;
  disabled: boolean;
}) {
  return (
    <>
      <div className="grid gap-1">
        <span className="text-xs text-soft">The same from a terminal or a script:</span>
        <Command text={commands.cli} what="the command line" />
        <Command text={commands.api} what="the API call" />
      </div>
      {error !== null && <ErrorPanel error={error} />}
      <div className="mt-5 flex justify-end gap-2">
        <DialogClose className="button">Cancel</DialogClose>
        <button type="submit" className="button button-main" disabled={disabled}>
          {title}
        </button>
      </div>
    </>
  );
}
