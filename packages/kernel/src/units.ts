import { TwinloopError } from './errors.js';

const DURATION: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };
const SIZE: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1048576,
  GiB: 1073741824,
};

export const DURATION_PATTERN = '^\\d+(\\.\\d+)?(ms|s|m|h|d|w)$';
export const SIZE_PATTERN = '^\\d+(\\.\\d+)?(B|KB|MB|GB|KiB|MiB|GiB)$';

function parse(text: string, units: Readonly<Record<string, number>>, what: string): number {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(text);
  const unit = match === null ? undefined : units[match[2]!];
  if (match === null || unit === undefined) {
    throw new TwinloopError('invalid_request', {
      values: { reason: `"${text}" is not a ${what}` },
      hint: `Write a number and one of ${Object.keys(units).join(', ')}.`,
    });
  }
  return Number(match[1]) * unit;
}

/** `"14d"` → milliseconds. A day is 24 hours. @throws invalid_request */
export function parseDuration(text: string): number {
  return parse(text, DURATION, 'duration');
}

/** `"5MB"` → bytes. @throws invalid_request */
export function parseSize(text: string): number {
  return parse(text, SIZE, 'size');
}

/** Milliseconds as people write them: `36h`, `14d`, `250ms`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = DURATION[unit]!;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)}s` : `${ms}ms`;
}
