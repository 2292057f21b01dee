import type { FactType } from '@twinloop/client';

/** What a fact is about, in the words of the pages. */
export type Kind =
  | 'alarm'
  | 'answer'
  | 'promotion'
  | 'rejection'
  | 'rollback'
  | 'recalibration'
  | 'rollout'
  | 'run'
  | 'model'
  | 'data'
  | 'window'
  | 'chaos'
  | 'operation';

const KIND: Readonly<Record<FactType, Kind>> = {
  ProjectApplied: 'operation',
  DatasetVersionRegistered: 'data',
  ExpectationsChecked: 'data',
  RowsQuarantined: 'data',
  RunStarted: 'run',
  StepFinished: 'run',
  GateJudged: 'run',
  RunFinished: 'run',
  ModelRegistered: 'model',
  ModelDeployed: 'promotion',
  RolloutStarted: 'rollout',
  RolloutObserved: 'rollout',
  ModelPromoted: 'promotion',
  ModelRejected: 'rejection',
  RolloutAdvanced: 'rollout',
  PromotionObserved: 'rollout',
  TrafficHeld: 'rollback',
  TrafficReleased: 'rollback',
  ModelRolledBack: 'rollback',
  ModelRecalibrated: 'recalibration',
  RecalibrationDeclined: 'recalibration',
  WindowObserved: 'window',
  SignalRaised: 'window',
  AlarmRaised: 'alarm',
  AlarmCoalesced: 'alarm',
  AlarmResolved: 'answer',
  AnswerDecided: 'answer',
  PolicyHeld: 'answer',
  PolicyResumed: 'answer',
  CardWritten: 'model',
  ReplayStarted: 'operation',
  ReplayFinished: 'operation',
  ChaosStarted: 'chaos',
  ChaosEnded: 'chaos',
  BatchScored: 'operation',
  PredictionTestAdded: 'run',
  PredictionTestRemoved: 'run',
  ObjectArchived: 'operation',
  ObjectRestored: 'operation',
  ObjectDeleted: 'operation',
  KeyCreated: 'operation',
  KeyRevoked: 'operation',
};

/** A type that this page does not know yet (a newer server) is an operation. */
export function kindOf(type: FactType): Kind {
  return KIND[type] ?? 'operation';
}

export const KINDS: readonly (readonly [Kind, string])[] = [
  ['alarm', 'Alarms'],
  ['answer', 'Answers of the policy'],
  ['promotion', 'Promotions'],
  ['rejection', 'Rejections'],
  ['rollback', 'Rollbacks and holds'],
  ['recalibration', 'Recalibrations'],
  ['rollout', 'Rollouts'],
  ['run', 'Runs, steps, gates'],
  ['model', 'Models and cards'],
  ['data', 'Data'],
  ['window', 'Windows and signals'],
  ['chaos', 'Faults on purpose'],
  ['operation', 'Project, replay, keys'],
];

/** `AlarmRaised` → `alarm raised`. */
export function typeInWords(type: string): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
