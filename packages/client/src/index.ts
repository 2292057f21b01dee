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
  GateFinding,
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
export * from './wire/types.js';
export * from './wire/chaos.js';
export * from './wire/data.js';
export * from './wire/delivery.js';
export * from './wire/drift.js';
export * from './wire/features.js';
export * from './wire/labels.js';
export * from './wire/notify.js';
export * from './wire/objects.js';
export * from './wire/predictions.js';
export * from './wire/quality.js';
export * from './wire/tests.js';
export * from './wire/today.js';
export * from './wire/drafts.js';
