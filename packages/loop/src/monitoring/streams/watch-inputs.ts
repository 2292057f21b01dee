import { hashSeed, seededRng, shuffle, type Signal } from '@twinloop/kernel';
import { type TogetherState, watchTogether } from '@twinloop/stats';
import { count, figure, percent } from '../format.js';
import {
  type BlockSums,
  blockSums,
  type FoundChange,
  locateChange,
  steadyStreams,
  withBlock,
} from './stream-blocks.js';
import type { WatchedInput } from './stream-columns.js';

/** The champion's answer, watched beside the inputs that it was made from. */
export const ANSWER = '$score';

/** The predictions of one stretch of time: a list of numbers for each watched input, then the answers. */
export interface InputBlock {
  readonly from: number;
  readonly streams: readonly Float64Array[];
}

/** What is remembered between two blocks; plain JSON. */
export interface InputsMemory {
  /** The streams that are steady enough to be watched, by their place; null while that is being learnt. */
  readonly steady: readonly number[] | null;
  readonly watch: TogetherState | null;
  readonly blocks: readonly BlockSums[];
}

export const noInputs: InputsMemory = { steady: null, watch: null, blocks: [] };

/** Blocks from which it is learnt which streams are steady: a week of days. */
const LEARNING = 7;

export interface InputsWatch {
  readonly inputs: readonly WatchedInput[];
  readonly averageRunLength: number;
}

/**
 * Takes one block of predictions: inputs and answers together, row by row ({@link watchTogether}). Within a block the
 * order is drawn anew, so that a rhythm shorter than the block (the hours of a day) is no change; `seed` fixes the draw.
 * The stated rate of false warnings needs rows that do not depend on each other, so the first blocks tell which streams
 * may be watched: those whose means differ between blocks no more than independent rows would ({@link steadyStreams}).
 * Weather, weekdays and seasons are left to the windows. The memory afterwards, and a signal for each time that the
 * streams moved; then they begin anew.
 */
export function takeInputs(
  { inputs, averageRunLength }: InputsWatch,
  memory: InputsMemory,
  block: InputBlock,
  seed: string,
): { readonly memory: InputsMemory; readonly signals: readonly Signal[] } {
  const rows = block.streams[0]?.length ?? 0;
  if (rows === 0) return { memory, signals: [] };
  const sums = blockSums(block.from, block.streams);
  let blocks = withBlock(memory.blocks, sums);
  const { steady } = memory;
  if (steady === null) {
    const learnt = blocks.length < LEARNING ? null : steadyStreams(blocks);
    return { memory: { steady: learnt, watch: null, blocks }, signals: [] };
  }
  if (steady.length === 0) return { memory, signals: [] };
  const all = [...inputs.map(({ name }) => name), ANSWER];
  const names = steady.map(stream => all[stream]!);
  const watch = watchTogether(names, { averageRunLength });
  if (memory.watch !== null) watch.restore(memory.watch);
  const order = shuffle(
    Uint32Array.from({ length: rows }, (_, row) => row),
    seededRng(hashSeed(seed)),
  );
  const signals: Signal[] = [];
  const values = new Float64Array(names.length);
  for (const row of order) {
    for (let i = 0; i < values.length; i++) values[i] = block.streams[steady[i]!]![row]!;
    const alarm = watch.update(values);
    if (alarm === null) continue;
    const lead = all.indexOf(alarm.streams[0]!);
    signals.push(
      signalOf(alarm.streams, alarm.rows, locateChange(blocks, lead), {
        lead: inputs[lead],
        streams: names.length,
        averageRunLength,
      }),
    );
    blocks = [sums];
  }
  return { memory: { steady, watch: watch.state(), blocks }, signals };
}

function signalOf(
  moved: readonly string[],
  rows: number,
  change: FoundChange | undefined,
  context: { lead: WatchedInput | undefined; streams: number; averageRunLength: number },
): Signal {
  const { lead, streams, averageRunLength } = context;
  const names = moved.map(name => (name === ANSWER ? 'the answers' : name));
  const effect =
    change === undefined || change.spreadBefore === 0
      ? Number.NaN
      : (change.after - change.before) / change.spreadBefore;
  return {
    monitor: 'stream/inputs',
    kind: 'data-drift',
    subject: 'inputs',
    severity: 1,
    evidence: {
      statistic: `change of ${names[0]} in standard deviations`,
      value: Number.isFinite(effect) ? effect : 0,
      n: change?.rows ?? rows,
      method: `conformal Shiryaev–Roberts over ${streams} streams together, one false warning in ${count(averageRunLength)} independent predictions at most`,
    },
    sentence: sentenceOf(names, change, lead, effect, rows),
  };
}

function sentenceOf(
  [first, ...others]: readonly string[],
  change: FoundChange | undefined,
  lead: WatchedInput | undefined,
  effect: number,
  rows: number,
): string {
  const more = others.length === 0 ? '' : `; with it ${others.join(', ')}`;
  if (change === undefined) return `${first} moved within ${count(rows)} predictions${more}`;
  const since = `over the last ${count(change.rows)} predictions${more}`;
  const { before, after, spreadBefore, spreadAfter } = change;
  if (lead?.shares !== undefined)
    return `${first} moved to ${after < before ? 'rarer' : 'more frequent'} levels (mean share in training ${percent(before)} → ${percent(after)}) ${since}`;
  if (!(Math.abs(effect) >= 0.1) && spreadBefore > 0)
    return `${first} spreads ${spreadAfter > spreadBefore ? 'wider' : 'less'} (standard deviation ${figure(spreadBefore)} → ${figure(spreadAfter)}) ${since}`;
  return `${first} moved from ${figure(before)} to ${figure(after)} on average ${since}`;
}
