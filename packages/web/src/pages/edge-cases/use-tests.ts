import { useMutation, useQueryClient } from '@tanstack/react-query';
import { clientOf } from '../../live/api.js';

/** Making a request a prediction test, and taking that back. */
export function useEdgeTests(project: string, endpoint: string) {
  const queries = useQueryClient();
  const client = clientOf(project);
  // Awaited, so that the button stays still until the page says what became of it.
  const asked = (): Promise<void> =>
    queries.invalidateQueries({ queryKey: [project, 'edge-cases', endpoint] });
  const add = useMutation({
    mutationFn: (id: string) => client.addEdgeTest(endpoint, id),
    onSuccess: asked,
  });
  const remove = useMutation({
    mutationFn: (name: string) => client.removeEdgeTest(endpoint, name),
    onSuccess: asked,
  });
  const base = `/endpoints/${encodeURIComponent(endpoint)}`;
  return {
    add,
    remove,
    url: {
      add: (id: string) => client.url(`${base}/edge-cases/${encodeURIComponent(id)}/test`),
      remove: (name: string) => client.url(`${base}/tests/${encodeURIComponent(name)}`),
    },
  };
}
