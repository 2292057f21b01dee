import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

/** A modal question. Focus goes in, Escape and the backdrop close it, focus returns. */
export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: string;
  children: ReactNode;
}) {
  return (
    <Base.Root open={props.open} onOpenChange={open => props.onOpenChange(open)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 bg-[rgb(0_0_0/0.45)]" />
        <Base.Popup className="fixed top-[12vh] left-1/2 max-h-[80vh] w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-y-auto rounded-md border border-line bg-page p-5 shadow-xl">
          <Base.Title className="text-lg font-semibold">{props.title}</Base.Title>
          <Base.Description className="mt-1 mb-4 text-soft">{props.description}</Base.Description>
          {props.children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export const DialogClose = Base.Close;
