export type {
  AlarmKind,
  Answer,
  CandidateReport,
  ColumnType,
  Evidence,
  ExpectationFinding,
  FactType,
  Json,
  Role,
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
