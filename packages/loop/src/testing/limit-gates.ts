import { formatCount, parseDuration, parseSize, type Verdict } from '@twinloop/kernel';
import type { GateConfig } from './config.js';

/** Times of single predictions, in milliseconds, on the machine that ran the gates. */
export interface LatencyEvidence {
  readonly p50: number;
  readonly p99: number;
  readonly n: number;
}

/** The reason names the bound and no measured time: it is part of the decisions that equal each other on every machine. */
export function latencyGate(
  gate: Extract<GateConfig, { readonly gate: 'latency' }>,
  latency: LatencyEvidence | undefined,
): Verdict {
  const threshold = parseDuration(gate.p99);
  if (latency === undefined || latency.n === 0) {
    return { gate: 'latency', status: 'inconclusive', reason: 'no prediction was timed', evidence: [] };
  }
  const method = 'single predictions in this process, after warm-up';
  const pass = latency.p99 <= threshold;
  return {
    gate: 'latency',
    status: pass ? 'pass' : 'fail',
    reason: `the 99th percentile of one prediction is ${pass ? 'within' : 'above'} ${gate.p99}`,
    evidence: [
      { statistic: 'latency p99 (ms)', value: latency.p99, n: latency.n, threshold, method, wallTime: true },
      { statistic: 'latency p50 (ms)', value: latency.p50, n: latency.n, method, wallTime: true },
    ],
  };
}

export function sizeGate(gate: Extract<GateConfig, { readonly gate: 'size' }>, bytes: number): Verdict {
  const threshold = parseSize(gate.max);
  const pass = bytes <= threshold;
  return {
    gate: 'size',
    status: pass ? 'pass' : 'fail',
    reason: `the artefact has ${formatCount(bytes)} bytes, at most ${gate.max} is asked`,
    evidence: [
      { statistic: 'size (bytes)', value: bytes, n: 1, threshold, method: 'length of the artefact' },
    ],
  };
}
