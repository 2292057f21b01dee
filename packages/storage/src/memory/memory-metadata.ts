import type { Json, MetadataStore, Page } from '@twinloop/kernel';

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
  const values = shelf<{ key: string; value: Json }>(record => record.key);
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
      put: (project, step, result) => values.put({ key: key('step', project, step), value: result }),
      get: async (project, step) => (await values.get(key('step', project, step)))?.value,
    },
    cursors: {
      put: (project, name, value) => values.put({ key: key('cursor', project, name), value }),
      get: async (project, name) => (await values.get(key('cursor', project, name)))?.value,
    },
    close: async () => {},
  };
}
