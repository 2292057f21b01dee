export type { PolicyConfig } from './config.js';
export { decideAnswers } from './decide-answers.js';
export { canRecalibrate, fitRecalibration, type Recalibration } from './fit-recalibration.js';
export { foldLearning } from './fold-learning.js';
export { holdPolicy, resumePolicy } from './hold-policy.js';
export { requestRetraining } from './request-retraining.js';
export { policySection } from './section.js';
export { type EndpointLearning, emptyLearning, endpointLearning, type LearningState } from './state.js';
