import type { Decision, DeliveryStatus, ObjectKind } from '@twinloop/client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { clientOf } from './api.js';
import { mergeDecisions } from './decisions.js';

const PAGE = 1000;

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => clientOf().projects({ signal }),
});

export const statusQuery = (project: string) =>
  queryOptions({
    queryKey: [project, 'status'],
    queryFn: ({ signal }) => clientOf(project).status({ signal }),
  });

/** Decisions in order, ascending. Asked again, only what is newer is fetched; pages appear as they arrive. */
export const ledgerQuery = (project: string, part: 'story' | 'all') => {
  const queryKey = [project, 'ledger', part];
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<readonly Decision[]> => {
      const cached = (): readonly Decision[] => client.getQueryData<readonly Decision[]>(queryKey) ?? [];
      let after = cached().at(-1)?.seq ?? 0;
      for (;;) {
        const page = await clientOf(project).ledger(
          { after, limit: PAGE, story: part === 'story' },
          { signal },
        );
        const merged = mergeDecisions(cached(), page);
        if (page.length < PAGE) return merged;
        client.setQueryData(queryKey, merged);
        after = Math.max(...page.map(d => d.seq));
      }
    },
    // A deep comparison of 100,000 immutable entries would find nothing and take long.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
};

/** Adds what an event brought to the lists that are loaded. */
export function addDecisions(client: QueryClient, project: string, decisions: readonly Decision[]): void {
  const story = decisions.filter(d => d.importance === 'story');
  for (const [part, more] of [
    ['story', story],
    ['all', decisions],
  ] as const) {
    client.setQueryData<readonly Decision[]>([project, 'ledger', part], known =>
      known === undefined ? undefined : mergeDecisions(known, more),
    );
  }
}

export const datasetsQuery = (project: string, archived = false) =>
  queryOptions({
    queryKey: archived ? [project, 'datasets', 'archived'] : [project, 'datasets'],
    queryFn: ({ signal }) => clientOf(project).datasets({ signal, archived }),
  });

export const datasetQuery = (project: string, dataset: string, version: string) =>
  queryOptions({
    queryKey: [project, 'dataset', dataset, version],
    queryFn: ({ signal }) => clientOf(project).dataset(dataset, version, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What each rule said of each version. */
export const expectationsQuery = (project: string, dataset: string) =>
  queryOptions({
    queryKey: [project, 'datasets', dataset, 'expectations'],
    queryFn: ({ signal }) => clientOf(project).expectations(dataset, { signal }),
  });

/** The first rows of a version that were kept apart. */
export const quarantineQuery = (project: string, dataset: string, version: string) =>
  queryOptions({
    queryKey: [project, 'dataset', dataset, version, 'quarantine'],
    queryFn: ({ signal }) => clientOf(project).quarantine(dataset, version, { signal, limit: 50 }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const suggestionsQuery = (project: string, dataset: string, version: string) =>
  queryOptions({
    queryKey: [project, 'dataset', dataset, version, 'suggestions'],
    queryFn: ({ signal }) => clientOf(project).suggestions(dataset, version, { signal }),
  });

export const runsQuery = (project: string, archived = false) =>
  queryOptions({
    queryKey: archived ? [project, 'runs', 'archived'] : [project, 'runs'],
    queryFn: ({ signal }) => clientOf(project).runs({ signal, archived }),
  });

export const runQuery = (project: string, run: string) =>
  queryOptions({
    queryKey: [project, 'run', run],
    queryFn: ({ signal }) => clientOf(project).run(run, { signal }),
  });

export const modelsQuery = (project: string, archived = false) =>
  queryOptions({
    queryKey: archived ? [project, 'models', 'archived'] : [project, 'models'],
    queryFn: ({ signal }) => clientOf(project).models({ signal, archived }),
  });

export const modelQuery = (project: string, model: string) =>
  queryOptions({
    queryKey: [project, 'model', model],
    queryFn: ({ signal }) => clientOf(project).model(model, { signal }),
  });

export const cardQuery = (project: string, model: string) =>
  queryOptions({
    queryKey: [project, 'model', model, 'card'],
    queryFn: ({ signal }) => clientOf(project).card(model, { signal }),
  });

export const endpointsQuery = (project: string) =>
  queryOptions({
    queryKey: [project, 'endpoints'],
    queryFn: ({ signal }) => clientOf(project).endpoints({ signal }),
  });

export const endpointQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'endpoint', endpoint],
    queryFn: ({ signal }) => clientOf(project).endpoint(endpoint, { signal }),
  });

export const monitorsQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'monitors', endpoint],
    queryFn: ({ signal }) => clientOf(project).monitors(endpoint, { signal }),
  });

export const matrixQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'monitors', endpoint, 'matrix'],
    queryFn: ({ signal }) => clientOf(project).driftMatrix(endpoint, { signal }),
  });

export const qualityQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'quality', endpoint],
    queryFn: ({ signal }) => clientOf(project).quality(endpoint, { signal }),
  });

export const fairnessQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'fairness', endpoint],
    queryFn: ({ signal }) => clientOf(project).fairness(endpoint, { signal }),
  });

export const edgeCasesQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'edge-cases', endpoint],
    queryFn: ({ signal }) => clientOf(project).edgeCases(endpoint, { signal }),
  });

export const labelsQuery = (project: string, endpoint: string) =>
  queryOptions({
    queryKey: [project, 'labels', endpoint],
    queryFn: ({ signal }) => clientOf(project).labels(endpoint, { signal }),
  });

export const todayQuery = (project: string) =>
  queryOptions({
    queryKey: [project, 'today'],
    queryFn: ({ signal }) => clientOf(project).today({ signal }),
    // What waits comes from labels that are missing as well as from facts: it is asked again by itself.
    refetchInterval: 15_000,
  });

/** While a fault runs its counters are asked for again and again; what can be broken next changes slowly. */
export const chaosQuery = (project: string) =>
  queryOptions({
    queryKey: [project, 'chaos'],
    queryFn: ({ signal }) => clientOf(project).chaos({ signal }),
    refetchInterval: query => (query.state.data?.running == null ? 5000 : 500),
  });

/** What hangs on an object, and whether it is archived. */
export const dependantsQuery = (project: string, kind: ObjectKind, id: string) =>
  queryOptions({
    queryKey: [project, 'object', kind, id],
    queryFn: ({ signal }) => clientOf(project).dependants(kind, id, { signal }),
  });

export const archivedQuery = (project: string) =>
  queryOptions({
    queryKey: [project, 'archived'],
    queryFn: ({ signal }) => clientOf(project).archivedObjects({ signal }),
  });

export const notificationsQuery = (project: string) =>
  queryOptions({
    queryKey: [project, 'notifications'],
    queryFn: ({ signal }) => clientOf(project).notifications({ signal }),
    refetchInterval: 10_000,
  });

export const deliveriesQuery = (
  project: string,
  query: { readonly channel?: string; readonly state?: DeliveryStatus },
) =>
  queryOptions({
    queryKey: [project, 'deliveries', query],
    queryFn: ({ signal }) => clientOf(project).deliveries({ ...query, limit: 100 }, { signal }),
    refetchInterval: 10_000,
  });
