export { calibrationSignals } from './calibration-signals.js';
export type { DriftFinding } from './drift/finding.js';
export { driftReport, driftSignals, signalsOf } from './drift-signals.js';
export * as driftTools from './drift/index.js';
export type { FairnessConfig, MonitorsConfig } from './config.js';
export { coverageSpan, labelSignals } from './label-signals.js';
export { type Monitor, observeWindow, windowAt, windowId } from './observe-window.js';
export { type QualityBaseline, qualitySignals } from './quality-signals.js';
export { buildReference, type DriftReference } from './reference.js';
export { keptTable, sketchedReference, sketchedSample, unsketched } from './sketched-reference.js';
export { driftDefaults, monitorsSection } from './section.js';
export { type EdgeCase, findEdgeCases } from './inputs/edge-cases.js';
export { type InputProfile, inputProfile } from './inputs/input-profile.js';
export * as streamTools from './streams/index.js';
export { baseRate } from './quality/base-rate.js';
export { checkEstimator, type EstimatedRows, estimateWindow } from './quality/estimate-quality.js';
export { attributeGroups } from './quality/fairness-groups.js';
export {
  type Figure,
  type Figures,
  figuresOf,
  lossFigure,
  type QualityWindow,
  qualityWindows,
  shownMetrics,
} from './quality/quality-windows.js';
export { worstSlices } from './quality/worst-slices.js';
