import { formatFigure, type OutcomeRecord, type PredictionLog, TwinloopError } from '@twinloop/kernel';
import type { LabelRepeats as Policy } from '@twinloop/loop/data';

/** What became of outcomes that were about to be logged. */
export interface Admitted {
  readonly records: readonly OutcomeRecord[];
  /** Indices of those that say something else than what is known already. */
  readonly conflicts: readonly number[];
  /** Left out: the first one stays. */
  readonly ignored: number;
}

/**
 * What follows when a case's label comes twice with different values. By `last` everything is taken and the log lets the newer
 * one count; by `first` and `reject` the log is asked what it knows, one call after the other, so that two at once cannot
 * both be first. The same value again is a duplicate and harmless; a higher revision is a correction and always taken.
 */
export class LabelRepeats {
  readonly policy: Policy;
  /** Newer values that were left out (`first`) or refused (`reject`) since the start. */
  ignored = 0;
  rejected = 0;
  readonly #log: Pick<PredictionLog, 'stated'>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(policy: Policy, log: Pick<PredictionLog, 'stated'>) {
    this.policy = policy;
    this.#log = log;
  }

  /** Sifts outcomes and hands what remains to `write`; the next caller waits until it is written. */
  async take<T>(records: readonly OutcomeRecord[], write: (admitted: Admitted) => Promise<T>): Promise<T> {
    if (this.policy === 'last') return write({ records, conflicts: [], ignored: 0 });
    const mine = this.#turn.then(async () => write(await this.#sift(records)));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #sift(records: readonly OutcomeRecord[]): Promise<Admitted> {
    const known = await this.#known(records);
    const kept: OutcomeRecord[] = [];
    const conflicts: number[] = [];
    records.forEach((record, index) => {
      const place = placeOf(record);
      const said = known.get(place);
      if (said !== undefined && record.revision <= said.revision && record.value !== said.value) {
        conflicts.push(index);
        return;
      }
      kept.push(record);
      if (said === undefined || record.revision > said.revision) known.set(place, record);
    });
    if (this.policy === 'reject') {
      this.rejected += conflicts.length;
      return { records: kept, conflicts, ignored: 0 };
    }
    this.ignored += conflicts.length;
    return { records: kept, conflicts: [], ignored: conflicts.length };
  }

  async #known(records: readonly OutcomeRecord[]): Promise<Map<string, { value: number; revision: number }>> {
    const known = new Map<string, { value: number; revision: number }>();
    for (const metric of new Set(records.map(record => record.metric))) {
      const cases = records.filter(record => record.metric === metric);
      const { project, endpoint } = cases[0]!;
      const stated = await this.#log.stated({ project, endpoint, metric, cases });
      stated.forEach((said, i) => {
        if (said !== null) known.set(placeOf(cases[i]!), said);
      });
    }
    return known;
  }
}

/** The refusal of an outcome that contradicts what is known of its case. */
export function conflict(record: OutcomeRecord, field: string): TwinloopError {
  return new TwinloopError('outcome_conflict', {
    field,
    values: { case: record.predictionId ?? `${record.key}`, value: formatFigure(record.value) },
  });
}

function placeOf({ metric, predictionId, key, time }: OutcomeRecord): string {
  return JSON.stringify(predictionId === null ? [metric, key, time] : [metric, predictionId]);
}
