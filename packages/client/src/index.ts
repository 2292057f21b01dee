export type {
  AlarmKind,
  Answer,
  CandidateReport,
  ChaosKind,
  ColumnType,
  Evidence,
  ExpectationFinding,
  FactType,
  GuardrailReading,
  Json,
  ObjectKind,
  Role,
  RolloutStrategy,
  Signal,
  StepReport,
  Trigger,
  Verdict,
  VerdictStatus,
  Verification,
} from '@twinloop/kernel';
export {
  type CallOptions,
  type ClientOptions,
  type LedgerQueryInput,
  type ProjectFileInput,
  TwinloopClient,
} from './client.js';
export { TwinloopApiError } from './errors.js';
export type { ConnectionState, EventsOptions } from './events.js';
export * from './types.js';
export * from './types-chaos.js';
export * from './types-delivery.js';
export * from './types-labels.js';
export * from './types-today.js';
