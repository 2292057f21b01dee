export { decideDrift } from '../drift-signals.js';
export { levelShift, numericShifts } from './column-shifts.js';
export { driftCauses, type DriftCause, type ExpectedLoss } from './drift-causes.js';
export { expectedLossChange, type LossProfile, lossProfile } from './loss-profile.js';
export {
  type LabelledAnswers,
  labelShift,
  predictionShift,
  type SampleReference,
  sampleReference,
} from './score-shift.js';
export { seasonalRows, type WeekTime } from './seasonal.js';
export type { Shift, ShiftKind } from './shift.js';
