import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const KEY = 'twinloop.theme';
const listeners = new Set<() => void>();
let current: Theme = 'system';

/** Before the first paint: the theme chosen last time. */
export function applyStoredTheme(): void {
  const stored = read();
  current = THEMES.find(theme => theme === stored) ?? 'system';
  apply();
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', notify);
}

export function setTheme(theme: Theme): void {
  current = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is closed to this page: the choice holds until it is left.
  }
  apply();
  notify();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => current);
}

/** Whether the page is dark now; charts drawn on a canvas must know. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () =>
    current === 'system' ? window.matchMedia('(prefers-color-scheme: dark)').matches : current === 'dark',
  );
}

function apply(): void {
  if (current === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = current;
}

function notify(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Storage is closed to this page.
    return null;
  }
}
