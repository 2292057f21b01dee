export { calibrationSignals } from './calibration-signals.js';
export type { MonitorsConfig } from './config.js';
export { type DriftFinding, driftReport, driftSignals, signalsOf } from './drift-signals.js';
export * as driftTools from './drift/index.js';
export { coverageSpan, labelSignals } from './label-signals.js';
export { type Monitor, observeWindow, windowAt, windowId } from './observe-window.js';
export { type QualityBaseline, qualitySignals } from './quality-signals.js';
export { buildReference, type DriftReference } from './reference.js';
export { driftDefaults, monitorsSection } from './section.js';
