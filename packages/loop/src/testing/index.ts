export type { GateConfig, GatesConfig } from './config.js';
export type { GateContext } from './gate-context.js';
export { judgeGates } from './judge-gates.js';
export type { LatencyEvidence } from './limit-gates.js';
export { type PredictionTest, predictionTestsSchema } from './prediction-test.js';
export { gatesSection } from './section.js';
export { toJUnit } from './write-junit.js';
