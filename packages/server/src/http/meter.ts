import { exposition, type HistogramSample, type MetricSample } from '@twinloop/protocols/prometheus';
import type { FastifyInstance } from 'fastify';

/** Seconds; a prediction takes well below a millisecond, a plan or a report up to seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface RouteMeter {
  readonly route: string;
  readonly method: string;
  readonly statuses: Map<number, number>;
  readonly buckets: number[];
  seconds: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    meter?: RouteMeter;
    /** A stream lasts as long as its reader wants: it is counted, not timed. */
    stream?: boolean;
  }
}

/** Counts requests by route pattern (never by path: that would grow without bound), method and status. */
export class HttpMeter {
  readonly #routes = new Map<string, RouteMeter>();
  readonly #unrouted = this.#meter('(none)', '(any)');

  install(server: FastifyInstance): void {
    server.addHook('onRoute', route => {
      const pattern = route.url.replace(/^\/p\/:project(?=\/)/, '');
      route.config = { ...route.config, meter: this.#meter(pattern, String(route.method)) };
    });
    server.addHook('onResponse', (request, reply, done) => {
      const { meter = this.#unrouted, stream } = request.routeOptions.config;
      meter.statuses.set(reply.statusCode, (meter.statuses.get(reply.statusCode) ?? 0) + 1);
      if (stream !== true) observe(meter, reply.elapsedTime / 1000);
      done();
    });
  }

  /** The Prometheus text of what was counted. */
  text(): string {
    const requests: MetricSample[] = [];
    const durations: HistogramSample[] = [];
    for (const { route, method, statuses, buckets, seconds } of this.#routes.values()) {
      for (const [status, value] of statuses) {
        requests.push({ labels: { route, method, status: String(status) }, value });
      }
      if (buckets.some(count => count > 0)) {
        durations.push({ labels: { route, method }, bounds: BOUNDS, counts: buckets, sum: seconds });
      }
    }
    return exposition([
      {
        name: 'twinloop_http_requests_total',
        help: 'HTTP requests answered, by route pattern.',
        type: 'counter',
        samples: requests,
      },
      {
        name: 'twinloop_http_request_duration_seconds',
        help: 'Time from the request line to the end of the answer.',
        type: 'histogram',
        samples: durations,
      },
    ]);
  }

  #meter(route: string, method: string): RouteMeter {
    const key = `${method} ${route}`;
    const found = this.#routes.get(key);
    if (found !== undefined) return found;
    const buckets = new Array<number>(BOUNDS.length + 1).fill(0);
    const meter: RouteMeter = { route, method, statuses: new Map(), buckets, seconds: 0 };
    this.#routes.set(key, meter);
    return meter;
  }
}

function observe(meter: RouteMeter, seconds: number): void {
  let bucket = 0;
  while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket++;
  meter.buckets[bucket]!++;
  meter.seconds += seconds;
}
