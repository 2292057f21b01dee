import type { ContentHash, Entry, FactType } from '@twinloop/kernel';

type Of<T extends FactType> = Extract<Entry, { readonly type: T }>;

/** Where a model comes from and what became of it, as entries of the ledger. */
export interface Lineage {
  readonly model: string;
  readonly registered: Of<'ModelRegistered'>;
  readonly run: {
    readonly started?: Of<'RunStarted'>;
    readonly steps: readonly Of<'StepFinished'>[];
    readonly gates: readonly Of<'GateJudged'>[];
    readonly finished?: Of<'RunFinished'>;
  };
  readonly data: {
    readonly registered?: Of<'DatasetVersionRegistered'>;
    readonly checked?: Of<'ExpectationsChecked'>;
    /** Versions before this one, newest first. */
    readonly ancestors: readonly ContentHash[];
  };
  /** Models that came before, newest first: each is the parent of the one before it in the list. */
  readonly parents: readonly string[];
  /** Recalibrated forms that came of it, oldest first. */
  readonly recalibrations: readonly Of<'ModelRecalibrated'>[];
  readonly rollouts: readonly {
    readonly started: Of<'RolloutStarted'>;
    readonly decided?: Of<'ModelPromoted'> | Of<'ModelRejected'>;
  }[];
  readonly deployments: readonly Of<'ModelDeployed'>[];
  /** Alarms of an endpoint while this model, or a recalibrated form of it, served there. */
  readonly alarms: readonly Of<'AlarmRaised'>[];
}

function ofType<T extends FactType>(entries: readonly Entry[], type: T): readonly Of<T>[] {
  return entries.filter((entry): entry is Of<T> => entry.type === type);
}

function parentsOf(registered: readonly Of<'ModelRegistered'>[], model: string): readonly string[] {
  const parentByModel = new Map(registered.map(({ payload }) => [payload.model, payload.parent]));
  const parents: string[] = [];
  for (let next = parentByModel.get(model); next !== undefined; next = parentByModel.get(next)) {
    if (parents.includes(next)) break;
    parents.push(next);
  }
  return parents;
}

function ancestorsOf(
  versions: readonly Of<'DatasetVersionRegistered'>[],
  version: ContentHash,
): readonly ContentHash[] {
  const parentByVersion = new Map(versions.map(({ payload }) => [payload.version, payload.parent]));
  const ancestors: ContentHash[] = [];
  for (let next = parentByVersion.get(version); next !== undefined; next = parentByVersion.get(next)) {
    if (ancestors.includes(next)) break;
    ancestors.push(next);
  }
  return ancestors;
}

/** What each endpoint served over time, as the deployments, promotions and recalibrations tell it. */
function servedBy(entry: Entry): { readonly endpoint: string; readonly model: string } | undefined {
  switch (entry.type) {
    case 'ModelDeployed':
    case 'ModelPromoted':
    case 'ModelRecalibrated':
      return entry.payload;
    default:
      return undefined;
  }
}

function alarmsDuring(entries: readonly Entry[], forms: ReadonlySet<string>): readonly Of<'AlarmRaised'>[] {
  const serving = new Map<string, string>();
  const alarms: Of<'AlarmRaised'>[] = [];
  for (const entry of entries) {
    const served = servedBy(entry);
    if (served !== undefined) serving.set(served.endpoint, served.model);
    if (entry.type === 'AlarmRaised' && forms.has(serving.get(entry.payload.endpoint) ?? ''))
      alarms.push(entry);
  }
  return alarms;
}

/**
 * Everything the ledger says about one model. A recalibrated model is told with the registered one it was made of.
 * @param entries one project's entries in ledger order
 * @returns undefined when no entry registers the model or a form of it
 */
export function lineageOf(entries: readonly Entry[], model: string): Lineage | undefined {
  const recalibrations = ofType(entries, 'ModelRecalibrated');
  const madeOf = new Map(recalibrations.map(({ payload }) => [payload.model, payload.previous]));
  const models = ofType(entries, 'ModelRegistered');
  let base = model;
  // A recalibrated model may be registered in its own right; only an unregistered one is looked up by its origin.
  const visited = new Set<string>();
  while (!visited.has(base) && !models.some(({ payload }) => payload.model === base)) {
    visited.add(base);
    base = madeOf.get(base) ?? base;
  }
  const registered = models.find(({ payload }) => payload.model === base);
  if (registered === undefined) return undefined;

  const forms = new Set([base]);
  const ownRecalibrations = recalibrations.filter(({ payload }) => {
    if (!forms.has(payload.previous)) return false;
    forms.add(payload.model);
    return true;
  });
  const { run, datasetVersion, dataset } = registered.payload;
  const ofRun = (entry: { readonly payload: { readonly run: string } }): boolean => entry.payload.run === run;
  const versions = ofType(entries, 'DatasetVersionRegistered').filter(
    ({ payload }) => payload.dataset === dataset,
  );
  const decisions = [...ofType(entries, 'ModelPromoted'), ...ofType(entries, 'ModelRejected')];
  const started = ofType(entries, 'RunStarted').find(ofRun);
  const finished = ofType(entries, 'RunFinished').find(ofRun);
  const version = versions.find(({ payload }) => payload.version === datasetVersion);
  const checked = ofType(entries, 'ExpectationsChecked').findLast(
    ({ payload, seq }) => payload.version === datasetVersion && seq <= registered.seq,
  );

  return {
    model,
    registered,
    run: {
      ...(started === undefined ? {} : { started }),
      steps: ofType(entries, 'StepFinished').filter(ofRun),
      gates: ofType(entries, 'GateJudged').filter(ofRun),
      ...(finished === undefined ? {} : { finished }),
    },
    data: {
      ...(version === undefined ? {} : { registered: version }),
      ...(checked === undefined ? {} : { checked }),
      ancestors: ancestorsOf(versions, datasetVersion),
    },
    parents: parentsOf(models, base),
    recalibrations: ownRecalibrations,
    rollouts: ofType(entries, 'RolloutStarted')
      .filter(({ payload }) => forms.has(payload.challenger))
      .map(start => {
        const decided = decisions.find(({ payload }) => payload.rollout === start.payload.rollout);
        return { started: start, ...(decided === undefined ? {} : { decided }) };
      }),
    deployments: ofType(entries, 'ModelDeployed').filter(({ payload }) => forms.has(payload.model)),
    alarms: alarmsDuring(entries, forms),
  };
}
