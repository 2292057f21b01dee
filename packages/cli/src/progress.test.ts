import { describe, expect, it } from 'vitest';
import { Progress } from './progress.js';

function screen(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, progress: new Progress(stream, () => now), pass: (ms: number) => (now += ms) };
}

describe('on a terminal', () => {
  it('rewrites one line with a bar, and leaves it standing at the end', () => {
    const { written, progress } = screen(true);
    progress.move(0.25, '250 of 1,000');
    progress.move(1, '1,000 of 1,000');
    progress.end();
    expect(written).toEqual([
      '\r\x1b[2K[█████░░░░░░░░░░░░░░░] 25 % 250 of 1,000',
      '\r\x1b[2K[████████████████████] 100 % 1,000 of 1,000',
      '\n',
    ]);
  });

  it('never wraps', () => {
    const { written, progress } = screen(true, 20);
    progress.update('x'.repeat(100));
    expect(written[0]!.replace('\r\x1b[2K', '')).toHaveLength(19);
  });

  it('ends without a line when nothing was said', () => {
    const { written, progress } = screen(true);
    progress.end();
    expect(written).toEqual([]);
  });
});

describe('in a log', () => {
  it('writes every step once, without control characters', () => {
    const { written, progress } = screen(false);
    progress.update('data accepted');
    progress.update('data accepted');
    progress.update('gates passed');
    progress.end();
    expect(written).toEqual(['data accepted\n', 'gates passed\n']);
  });

  it('repeats what only moves every ten seconds, and always the end', () => {
    const { written, progress, pass } = screen(false);
    for (let i = 0; i <= 100; i++) {
      progress.move(i / 100, `${i} of 100`);
      pass(250);
    }
    expect(written).toEqual(['0 % 0 of 100\n', '40 % 40 of 100\n', '80 % 80 of 100\n', '100 % 100 of 100\n']);
  });
});
