import { describe, expect, it } from 'vitest';
import { exposition } from './exposition.js';

describe('exposition', () => {
  it('writes counters, gauges and histograms as the format says', () => {
    const text = exposition([
      {
        name: 'requests_total',
        help: 'Requests.',
        type: 'counter',
        samples: [{ labels: { route: '/v2', code: '200' }, value: 3 }],
      },
      {
        name: 'budget',
        help: 'Left.',
        type: 'gauge',
        samples: [{ value: Number.POSITIVE_INFINITY }, { labels: {}, value: Number.NaN }],
      },
      {
        name: 'seconds',
        help: 'Time.',
        type: 'histogram',
        samples: [{ labels: { route: '/v2' }, bounds: [0.1, 1], counts: [2, 0, 1], sum: 5.5 }],
      },
    ]);
    expect(text).toBe(`# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{route="/v2",code="200"} 3
# HELP budget Left.
# TYPE budget gauge
budget +Inf
budget NaN
# HELP seconds Time.
# TYPE seconds histogram
seconds_bucket{route="/v2",le="0.1"} 2
seconds_bucket{route="/v2",le="1"} 2
seconds_bucket{route="/v2",le="+Inf"} 3
seconds_sum{route="/v2"} 5.5
seconds_count{route="/v2"} 3
`);
  });

  it('escapes backslash and newline in help, and quotes too in labels', () => {
    const text = exposition([
      {
        name: 'x',
        help: 'a "b"\\\nc',
        type: 'gauge',
        samples: [{ labels: { path: 'C:\\"x"\n' }, value: 1 }],
      },
    ]);
    expect(text).toBe('# HELP x a "b"\\\\\\nc\n# TYPE x gauge\nx{path="C:\\\\\\"x\\"\\n"} 1\n');
  });

  it.each(['1x', 'a-b', ''])('refuses %j as a name', name => {
    expect(() => exposition([{ name, help: '', type: 'gauge', samples: [] }])).toThrow(RangeError);
    const samples = [{ labels: { [name]: '' }, value: 1 }];
    expect(() => exposition([{ name: 'x', help: '', type: 'gauge', samples }])).toThrow(RangeError);
  });

  it('refuses a histogram whose counts do not fit its bounds', () => {
    const samples = [{ bounds: [1, 2], counts: [1, 2], sum: 1 }];
    expect(() => exposition([{ name: 'x', help: '', type: 'histogram', samples }])).toThrow(RangeError);
  });
});
