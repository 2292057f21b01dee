import type { Entry, FactType } from '@twinloop/kernel';

/** `story`: what a reader who was away must know. `detail`: how it came about. */
export type Importance = 'story' | 'detail';

type Rule<T extends FactType> =
  | Importance
  | ((payload: Extract<Entry, { type: T }>['payload']) => Importance);

const IMPORTANCE: { readonly [T in FactType]: Rule<T> } = {
  ProjectApplied: 'detail',
  DatasetVersionRegistered: 'detail',
  ExpectationsChecked: ({ status }) => (status === 'refused' ? 'story' : 'detail'),
  RowsQuarantined: 'story',
  RunStarted: 'detail',
  StepFinished: 'detail',
  GateJudged: 'detail',
  RunFinished: 'story',
  ModelRegistered: 'detail',
  ModelDeployed: 'detail',
  RolloutStarted: 'detail',
  RolloutObserved: 'detail',
  ModelPromoted: 'story',
  ModelRejected: 'story',
  RolloutAdvanced: 'story',
  PromotionObserved: ({ status }) => (status === 'kept' ? 'story' : 'detail'),
  TrafficHeld: 'story',
  TrafficReleased: 'story',
  ModelRolledBack: 'story',
  ModelRecalibrated: 'story',
  RecalibrationDeclined: 'story',
  WindowObserved: 'detail',
  SignalRaised: 'detail',
  AlarmRaised: 'story',
  AlarmCoalesced: 'story',
  AlarmResolved: 'detail',
  AnswerDecided: 'story',
  PolicyHeld: 'story',
  PolicyResumed: 'story',
  CardWritten: 'detail',
  ReplayStarted: 'story',
  ReplayFinished: 'story',
  ChaosStarted: 'story',
  ChaosEnded: 'story',
  BatchScored: 'story',
  PredictionTestAdded: 'story',
  PredictionTestRemoved: 'story',
  ObjectArchived: 'detail',
  ObjectRestored: 'detail',
  ObjectDeleted: 'story',
  KeyCreated: 'detail',
  KeyRevoked: 'detail',
};

export function importance(entry: Pick<Entry, 'type' | 'payload'>): Importance {
  const rule = IMPORTANCE[entry.type] as Importance | ((payload: unknown) => Importance);
  return typeof rule === 'function' ? rule(entry.payload) : rule;
}
