export {
  type ArchivedObject,
  emptyObjects,
  foldObjects,
  objectKey,
  type ObjectsState,
} from './archived.js';
export { type Importance, importance } from './importance.js';
export { type Lineage, lineageOf } from './lineage.js';
export { notificationEvent } from './notable.js';
export { type ChannelConfig, type NotifyConfig, notifySection } from './notify-section.js';
export { modelCard } from './write-card.js';
export { sentence, type WordingOptions } from './sentence.js';
