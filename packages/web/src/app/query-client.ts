import { TwinloopApiError } from '@twinloop/client';
import { QueryClient } from '@tanstack/react-query';

/** Server-sent events keep what is shown fresh, so nothing is asked again for its age alone. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: attempt => 400 * 2 ** attempt,
    },
  },
});

/** Worth asking again: no answer, or a server that is not ready yet. */
function isPassing(error: Error): boolean {
  return error instanceof TwinloopApiError && (error.status === 0 || error.status === 503);
}
