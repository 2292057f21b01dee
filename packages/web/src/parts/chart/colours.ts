export type Colour =
  | 'ink'
  | 'soft'
  | 'line'
  | 'line-strong'
  | 'accent'
  | 'ok'
  | 'attention'
  | 'fail'
  | 'page';

/** The theme's colours as a canvas understands them: `light-dark()` must be resolved by an element first. */
export function resolveColours(element: HTMLElement): (colour: Colour) => string {
  const probe = document.createElement('span');
  element.append(probe);
  const known = new Map<Colour, string>();
  const resolve = (colour: Colour): string => {
    let value = known.get(colour);
    if (value === undefined) {
      probe.style.color = `var(--color-${colour})`;
      value = getComputedStyle(probe).color;
      known.set(colour, value);
    }
    return value;
  };
  for (const colour of [
    'ink',
    'soft',
    'line',
    'line-strong',
    'accent',
    'ok',
    'attention',
    'fail',
    'page',
  ] as const)
    resolve(colour);
  probe.remove();
  return resolve;
}

/** The colour with an opacity, for bands. */
export function faded(colour: string, share: number): string {
  return `color-mix(in srgb, ${colour} ${share * 100}%, transparent)`;
}
