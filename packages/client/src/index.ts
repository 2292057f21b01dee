export type {
  AlarmKind,
  Answer,
  CandidateReport,
  ChannelKind,
  ChaosKind,
  ColumnType,
  DeliveryStatus,
  Evidence,
  ExpectationFinding,
  FactType,
  GuardrailReading,
  Json,
  NotificationEvent,
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
  type ListOptions,
  type ProjectFileInput,
  TwinloopClient,
  type UploadBody,
} from './client.js';
export { TwinloopApiError } from './errors.js';
export type { ConnectionState, EventsOptions } from './events.js';
export * from './types.js';
export * from './types-chaos.js';
export * from './types-data.js';
export * from './types-delivery.js';
export * from './types-drift.js';
export * from './types-labels.js';
export * from './types-notify.js';
export * from './types-objects.js';
export * from './types-predictions.js';
export * from './types-quality.js';
export * from './types-today.js';
export * from './types-drafts.js';
