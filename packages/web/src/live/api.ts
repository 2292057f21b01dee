import { TwinloopClient } from '@twinloop/client';

const KEY = 'twinloop.key';
const clients = new Map<string, TwinloopClient>();

/** The client of one project; without a project, of the server. It carries the key given on this page, if any. */
export function clientOf(project?: string): TwinloopClient {
  const name = project ?? '';
  let client = clients.get(name);
  if (client === undefined) {
    const key = storedKey();
    client = new TwinloopClient({
      baseUrl: window.location.origin,
      ...(project === undefined ? {} : { project }),
      ...(key === null ? {} : { key }),
    });
    clients.set(name, client);
  }
  return client;
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
