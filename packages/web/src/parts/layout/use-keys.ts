import { useEffect, useRef } from 'react';

/** Keys of a list that has the page to itself: they do nothing while someone types or a dialog is open. */
export interface ListKeys {
  readonly move: (step: 1 | -1) => void;
  readonly open: () => void;
  readonly close: () => void;
  readonly search?: () => void;
}

/** j and k move, Enter opens, Escape closes, / searches. */
export function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      if (
        event.metaKey ||
        event.ctrlKey ||
        event.altKey ||
        target.matches('input, select, textarea, [role=dialog] *')
      )
        return;
      const { move, open, close, search } = latest.current;
      if (event.key === 'j') move(1);
      else if (event.key === 'k') move(-1);
      else if (event.key === 'Enter' && !target.matches('a, button, summary')) open();
      else if (event.key === 'Escape') close();
      else if (event.key === '/' && search !== undefined) search();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
