import { type ClientOptions, TwinloopApiError, TwinloopClient } from '@twinloop/client';

const KEY = 'twinloop.key';
const clients = new Map<string, TwinloopClient>();

/** The client of one project; without a project, of the server. It carries the key given on this page, if any. */
export function clientOf(project?: string): TwinloopClient {
  const name = project ?? '';
  let client = clients.get(name);
  if (client === undefined) {
    client = clientWith(project === undefined ? {} : { project });
    clients.set(name, client);
  }
  return client;
}

/** A client with other options than the usual. */
export function clientWith(options: Omit<ClientOptions, 'baseUrl'>): TwinloopClient {
  const key = storedKey();
  return new TwinloopClient({
    baseUrl: window.location.origin,
    ...(key === null ? {} : { key }),
    ...options,
  });
}

/** Keeps an API key for this tab only and uses it from now on. */
export function adoptKey(key: string): void {
  sessionStorage.setItem(KEY, key);
  clients.clear();
}

function storedKey(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    // Storage is closed to this page: it works without a key, on loopback.
    return null;
  }
}

/** One call of the Open Inference Protocol V2, which is not the native API. Throws an error with what the server said. */
export async function sendInference(path: string, body: unknown): Promise<unknown> {
  const key = storedKey();
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  // This protocol's error is one sentence.
  const said = answer !== null && typeof answer === 'object' && 'error' in answer ? answer.error : undefined;
  throw new TwinloopApiError({
    status: response.status,
    code: 'prediction_refused',
    message: typeof said === 'string' ? said : `The server answered ${response.status}`,
    hint: 'Look at the values above: a number is expected where the table has numbers.',
    requestId: response.headers.get('x-request-id') ?? '',
    docs: '',
  });
}
