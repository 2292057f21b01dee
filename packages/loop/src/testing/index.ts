export type { GatesConfig } from './config.js';
export { comparedRates, CRITERION_NAMES } from './fairness/fairness-metric.js';
export type { GateContext } from './gate-context.js';
export { judgeGates } from './judge-gates.js';
export {
  type AdoptedTests,
  emptyTests,
  foldTests,
  testsOf,
} from './predictions/adopted-tests.js';
export { complaintAboutTest, type PredictionTest } from './predictions/prediction-test.js';
export { predictionTestsSchema } from './predictions/tests-schema.js';
export { gatesSection } from './section.js';
export { toJUnit } from './report/write-junit.js';
export { toSarif } from './report/write-sarif.js';
