import { setTheme, THEMES, useTheme } from './theme.js';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const SIGN = {
  system: 'M3 4h10v7H3zM6 13h4',
  light:
    'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.600M8 13.400V15M1 8h1.600M13.400 8H15M3 3l1.200 1.200M11.800 11.800 13 13M13 3l-1.200 1.200M4.200 11.800 3 13',
  dark: 'M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500',
} as const;

/** One button that walks through system, light and dark. */
export function ThemeSwitch() {
  const theme = useTheme();
  const label = `Theme: ${theme}. Change to ${NEXT[theme]}`;
  return (
    <button
      type="button"
      className="button button-quiet"
      title={label}
      aria-label={label}
      onClick={() => setTheme(THEMES.find(t => t === NEXT[theme]) ?? 'system')}
    >
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      >
        <path d={SIGN[theme]} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </button>
  );
}
