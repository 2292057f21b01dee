import type { AlarmKind, Answer } from '@twinloop/kernel';

export interface PolicyConfig {
  /** What each kind of alarm is answered with. */
  readonly answers: Readonly<Record<AlarmKind, Answer>>;
  /** Time after a retraining in which no alarm starts another. */
  readonly coolDown: string;
  /** Time after a recalibration in which none follows. */
  readonly recalibrateEvery: string;
  readonly recalibration: {
    /** Labels of requests of that long before the answer. */
    readonly window: string;
    /** Precision of the prior around "no shift": larger shrinks more; in units of labels × p(1 − p). */
    readonly ridge: number;
    readonly minLabels: number;
  };
  readonly budget: {
    readonly retrainings: number;
    readonly per: string;
    /** Retrainings and recalibrations in 24 hours. */
    readonly daily: number;
  };
  /** Retrain by the calendar too: five-field cron in the project's zone. */
  readonly schedule?: string;
  /** Retrain when that many new labelled rows have arrived since the last training. */
  readonly newData?: number;
}
