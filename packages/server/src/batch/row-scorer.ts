import {
  TwinloopError,
  type Clock,
  type PredictionLog,
  type PredictionRecord,
  type ProjectId,
  type Row,
} from '@twinloop/kernel';
import { route, type RoutingSnapshot } from '@twinloop/loop/delivery';
import { loggedAnswer, type Logged } from '../runtime/serving/class-answers.js';
import type { ModelShelf } from '../runtime/serving/model-shelf.js';
import type { Serving } from '../runtime/serving/serving.js';

export interface BatchRow {
  readonly id: string;
  readonly key: string | null;
  readonly unitKey: string | null;
  readonly row: Row;
}

export interface ScoredRow {
  readonly score: number;
  /** The likeliest of several classes. */
  readonly output?: string | null;
  readonly model: string;
  readonly version: number;
}

export interface RowScorerPorts {
  readonly project: ProjectId;
  readonly clock: Clock;
  readonly log: Pick<PredictionLog, 'find' | 'appendPredictions'>;
  readonly shelf: ModelShelf;
  readonly serving: Serving;
  readonly monotonic: () => number;
  /** Hears of what was logged, as of live answers. */
  readonly answered: (records: readonly PredictionRecord[]) => void | Promise<void>;
}

/** Rows between two turns of the event loop: some milliseconds, which a live request may wait. */
const SLICE = 250;

/**
 * Answers rows of a batch as live traffic is answered: by the routing snapshot (a unit keeps its variant; without one
 * the row is its own unit), with shadow copies, logged before they are handed on. Rows that are logged already are
 * answered again and not logged twice.
 * @throws endpoint_not_ready · storage_full
 */
export async function scoreRows(ports: RowScorerPorts, rows: readonly BatchRow[]): Promise<ScoredRow[]> {
  const { project, clock, log, serving } = ports;
  const { endpoint } = serving;
  const known = new Set(
    (
      await log.find(
        project,
        endpoint,
        rows.map(({ id }) => id),
      )
    ).map(({ id }) => id),
  );
  const scored: ScoredRow[] = [];
  for (let from = 0; from < rows.length; from += SLICE) {
    const at = clock.now();
    const asked = rows.slice(from, from + SLICE);
    const seen = serving.enrich(
      asked.map(({ row }) => row),
      at,
    );
    const slice = asked.map((one, i) => ({ ...one, row: seen[i]! }));
    const { snapshot } = serving;
    if (snapshot.live.length === 0) throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
    const started = ports.monotonic();
    // The row's own id stands for chance, so that a second run sends every row the same way.
    const routes = slice.map(({ id, unitKey }) => route(snapshot, unitKey ?? id));
    const answers = await byModel(ports, slice, routes);
    const shadows: {
      readonly arm: RoutingSnapshot['shadows'][number];
      readonly answers: readonly Logged[];
    }[] = [];
    for (const arm of snapshot.shadows)
      shadows.push({ arm, answers: await shadowAnswers(ports, arm.model, slice) });
    const latencyMs = (ports.monotonic() - started) / slice.length;
    const records: PredictionRecord[] = [];
    slice.forEach(({ id, key, unitKey, row }, i) => {
      const { variant, model, version, propensities } = routes[i]!;
      const { score, output } = answers[i]!;
      scored.push({ score, model, version, ...(output === undefined ? {} : { output }) });
      if (known.has(id)) return;
      const common = { project, id, endpoint, at, key, unitKey, propensities, latencyMs };
      records.push({ ...common, variant, version: model, role: 'live', ...answers[i]!, inputs: row });
      for (const { arm, answers: shadow } of shadows) {
        if (arm.model === model) continue;
        records.push({
          ...common,
          variant: arm.variant,
          version: arm.model,
          role: 'shadow',
          ...shadow[i]!,
          inputs: null,
        });
      }
    });
    await log.appendPredictions(records);
    await ports.answered(records);
    await new Promise<void>(resolve => setImmediate(resolve));
  }
  return scored;
}

async function byModel(
  { shelf }: RowScorerPorts,
  rows: readonly BatchRow[],
  routes: readonly { readonly model: string }[],
): Promise<readonly Logged[]> {
  const found = new Array<Logged>(rows.length);
  for (const model of new Set(routes.map(chosen => chosen.model))) {
    const mine = rows.flatMap((_, i) => (routes[i]!.model === model ? [i] : []));
    const shelved = shelf.loaded(model)!;
    const answers = await shelved.score(mine.map(i => rows[i]!.row));
    mine.forEach((i, n) => {
      found[i] = loggedAnswer(shelved, answers, n);
    });
  }
  return found;
}

/** A challenger's failure is its own. */
async function shadowAnswers(
  { shelf }: RowScorerPorts,
  model: string,
  rows: readonly BatchRow[],
): Promise<readonly Logged[]> {
  const shelved = shelf.loaded(model)!;
  try {
    const answers = await shelved.score(rows.map(({ row }) => row));
    return rows.map((_, i) => loggedAnswer(shelved, answers, i));
  } catch (error) {
    if (error instanceof TwinloopError) return rows.map(() => ({ score: Number.NaN }));
    throw error;
  }
}
