export { type Importance, importance } from './importance.js';
export { type Lineage, lineageOf } from './lineage.js';
export { modelCard } from './write-card.js';
export { sentence, type WordingOptions } from './sentence.js';
