export type { TrainConfig } from './config.js';
export { openBuiltin } from './open-builtin.js';
export type {
  BuildPorts,
  CodeTestsResult,
  FittedModel,
  JudgedCandidate,
  OpenModel,
  VersionedTrainer,
} from './ports.js';
export { reopenCandidate } from './reopen-candidate.js';
export type { BuildRequest, LookedUp } from './request.js';
export { type BuildOutcome, runBuild } from './run-build.js';
export { trainSection } from './section.js';
export { stepKey } from './step-key.js';
