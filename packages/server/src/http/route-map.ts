import type { FastifyInstance } from 'fastify';

/** Knows every registered pattern, to tell a wrong method (405) from a wrong path (404): Fastify answers 404 to both. */
export class RouteMap {
  /** Patterns by their number of segments; few share one, so a walk is quick. */
  readonly #bySize = new Map<
    number,
    { readonly segments: readonly string[]; readonly methods: Set<string> }[]
  >();

  install(server: FastifyInstance): void {
    server.addHook('onRoute', route => {
      for (const method of [route.method].flat()) this.#add(route.url, method);
    });
  }

  /** The methods that the path answers to, sorted; none when it is not routed at all. */
  methods(path: string): readonly string[] {
    const segments = split(path);
    const found = new Set<string>();
    for (const pattern of this.#bySize.get(segments.length) ?? []) {
      const matches = pattern.segments.every(
        (segment, i) => segment === segments[i] || (segment.startsWith(':') && segments[i] !== ''),
      );
      if (matches) for (const method of pattern.methods) found.add(method);
    }
    return [...found].sort();
  }

  #add(url: string, method: string): void {
    const segments = split(url);
    const patterns = this.#bySize.get(segments.length) ?? [];
    this.#bySize.set(segments.length, patterns);
    const same = patterns.find(pattern => pattern.segments.join('/') === segments.join('/'));
    if (same === undefined) patterns.push({ segments, methods: new Set([method]) });
    else same.methods.add(method);
  }
}

function split(path: string): string[] {
  return path.replace(/(.)\/$/, '$1').split('/');
}
