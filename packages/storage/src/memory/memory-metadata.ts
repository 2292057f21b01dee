import type { DeliveryCounts, DeliveryRecord, Json, MetadataStore, Page, ProjectId } from '@twinloop/kernel';

/** Records by key, kept as JSON text so that neither side can change the other's copy. */
function shelf<T>(keyOf: (record: T) => string) {
  const texts = new Map<string, string>();
  return {
    put: async (record: T): Promise<void> => {
      texts.set(keyOf(record), JSON.stringify(record));
    },
    get: async (key: string): Promise<T | undefined> => {
      const text = texts.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    /** Removes what `gone` names; returns how many. */
    drop: (gone: (record: T) => boolean): number => {
      let count = 0;
      for (const [name, text] of texts) if (gone(JSON.parse(text) as T) && texts.delete(name)) count++;
      return count;
    },
    all: (): T[] => [...texts.values()].map(text => JSON.parse(text) as T),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Newest first, then by name. */
function paged<T>(
  records: T[],
  time: (record: T) => number,
  name: (record: T) => string,
  page: Page = {},
): T[] {
  const found = records
    .filter(record => page.before === undefined || time(record) < page.before)
    .sort((a, b) => time(b) - time(a) || compare(name(a), name(b)));
  return page.limit === undefined ? found : found.slice(0, page.limit);
}

/** A metadata store in memory; nothing outlives it. */
export function memoryMetadata(): MetadataStore {
  const key = (...parts: readonly string[]): string => parts.join('\n');
  const projects = shelf<Parameters<MetadataStore['projects']['put']>[0]>(record => record.project);
  const keys = shelf<Parameters<MetadataStore['keys']['put']>[0]>(record => record.id);
  const datasets = shelf<Parameters<MetadataStore['datasets']['put']>[0]>(record =>
    key(record.project, record.dataset, record.version),
  );
  const runs = shelf<Parameters<MetadataStore['runs']['put']>[0]>(record => key(record.project, record.run));
  const models = shelf<Parameters<MetadataStore['models']['put']>[0]>(record =>
    key(record.project, record.model),
  );
  const values = shelf<{ project: ProjectId; key: string; value: Json }>(record => record.key);
  const deliveries = shelf<DeliveryRecord>(record => key(record.project, record.channel, String(record.seq)));
  return {
    projects: {
      put: projects.put,
      get: projects.get,
      list: async () => projects.all().sort((a, b) => compare(a.project, b.project)),
    },
    keys: {
      put: keys.put,
      bySecretHash: async hash => keys.all().find(record => record.secretHash === hash),
      list: async () => keys.all().sort((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id)),
    },
    datasets: {
      put: datasets.put,
      get: (project, dataset, version) => datasets.get(key(project, dataset, version)),
      list: async (project, dataset, page) =>
        paged(
          datasets
            .all()
            .filter(
              record => record.project === project && (dataset === undefined || record.dataset === dataset),
            ),
          record => record.createdAt,
          record => record.version,
          page,
        ),
    },
    runs: {
      put: runs.put,
      get: (project, run) => runs.get(key(project, run)),
      list: async (project, page) =>
        paged(
          runs.all().filter(record => record.project === project),
          record => record.startedAt,
          record => record.run,
          page,
        ),
    },
    models: {
      put: models.put,
      get: (project, model) => models.get(key(project, model)),
      list: async (project, page) =>
        paged(
          models.all().filter(record => record.project === project),
          record => record.createdAt,
          record => record.model,
          page,
        ),
    },
    steps: {
      put: (project, step, result) => values.put({ project, key: key('step', project, step), value: result }),
      get: async (project, step) => (await values.get(key('step', project, step)))?.value,
    },
    cursors: {
      put: (project, name, value) => values.put({ project, key: key('cursor', project, name), value }),
      get: async (project, name) => (await values.get(key('cursor', project, name)))?.value,
    },
    deliveries: {
      put: deliveries.put,
      get: (project, channel, seq) => deliveries.get(key(project, channel, String(seq))),
      list: async (project, { channel, state, limit } = {}) =>
        deliveries
          .all()
          .filter(
            record =>
              record.project === project &&
              (channel === undefined || record.channel === channel) &&
              (state === undefined || record.state === state),
          )
          .sort((a, b) => b.seq - a.seq || compare(a.channel, b.channel))
          .slice(0, limit),
      due: async (project, { channel, until, limit }) =>
        deliveries
          .all()
          .filter(
            ({ nextAt, ...record }) =>
              record.project === project && record.channel === channel && nextAt !== null && nextAt <= until,
          )
          .sort((a, b) => a.nextAt! - b.nextAt! || a.seq - b.seq)
          .slice(0, limit),
      async counts(project) {
        const found = new Map<string, DeliveryCounts>();
        for (const { channel, state, ...record } of deliveries.all()) {
          if (record.project !== project) continue;
          const name = key(channel, state);
          found.set(name, { channel, state, count: (found.get(name)?.count ?? 0) + 1 });
        }
        return [...found.values()].sort((a, b) => compare(a.channel, b.channel) || compare(a.state, b.state));
      },
    },
    async remove(project, what) {
      const own = (record: { readonly project: ProjectId | null }): boolean => record.project === project;
      if (what === 'everything')
        return [projects, keys, datasets, runs, models, values, deliveries].reduce(
          (sum, records) => sum + records.drop(own),
          0,
        );
      const named = (names: readonly string[] | undefined, name: string): boolean =>
        names?.includes(name) === true;
      return (
        datasets.drop(
          record =>
            own(record) &&
            what.datasets?.some(
              ({ dataset, version }) => record.dataset === dataset && record.version === version,
            ) === true,
        ) +
        runs.drop(record => own(record) && named(what.runs, record.run)) +
        models.drop(record => own(record) && named(what.models, record.model)) +
        values.drop(record => what.steps?.some(step => record.key === key('step', project, step)) === true)
      );
    },
    close: async () => {},
  };
}
