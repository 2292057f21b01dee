export {
  foldStreams,
  newStreams,
  type StreamsBlock,
  type StreamsMemory,
  streamFacts,
} from './stream-facts.js';
export { streamsOf, type WatchedInput, watchedInputs } from './stream-columns.js';
export { type ErrorRule, isError } from './watch-errors.js';
