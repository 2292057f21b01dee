import { useSyncExternalStore } from 'react';

const query = '(max-width: 767px)';

/** Whether the window is too narrow for a table of several columns. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    listener => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => window.matchMedia(query).matches,
  );
}
