import { formatCount, type Verdict } from '@twinloop/kernel';
import { calibrationGate } from './accuracy/calibration-gate.js';
import { championGate } from './accuracy/champion-gate.js';
import { metricAgainstChampion } from './accuracy/metric-against-champion.js';
import { metricGate } from './accuracy/metric-gate.js';
import type { GateConfig, GatesConfig } from './config.js';
import { biasGate } from './fairness/bias-gate.js';
import { fuzzGate } from './fuzz/fuzz-gate.js';
import type { GateContext } from './gate-context.js';
import { latencyGate, sizeGate } from './limit-gates.js';
import { predictionsGate } from './predictions/predictions-gate.js';
import { robustnessGate } from './robustness/robustness-gate.js';
import { slicesGate } from './slices/slices-gate.js';

/** What compares with the champion is judged on rows that are new to it; too few of them leave the word to the rollout. */
function compared(name: string, context: GateContext, judge: (rows: GateContext) => Verdict): Verdict {
  const rows = context.compared ?? context;
  if (!('fresh' in rows)) return judge(rows);
  return {
    gate: name,
    status: 'pass',
    evidence: [],
    reason: `only ${formatCount(rows.fresh)} held-out rows are new to the champion (${formatCount(rows.needed)} needed); the shadow comparison decides`,
  };
}

function judge(gate: GateConfig, context: GateContext): Verdict | Promise<Verdict> {
  switch (gate.gate) {
    case 'metric':
      return gate.against === undefined
        ? metricGate(gate, context)
        : compared(`metric ${gate.metric}`, context, rows => metricAgainstChampion(gate, rows));
    case 'champion':
      return compared(`champion ${gate.metric}`, context, rows => championGate(gate, rows));
    case 'bias':
      return biasGate(gate, context);
    case 'slices':
      return gate.against === 'overall'
        ? slicesGate(gate, context)
        : compared('slices', context, rows => slicesGate(gate, rows));
    case 'robustness':
      return robustnessGate(gate, context);
    case 'calibration':
      return calibrationGate(gate, context);
    case 'fuzz':
      return fuzzGate(gate, context);
    case 'predictions':
      return predictionsGate(gate, context);
    case 'latency':
      return latencyGate(gate, context.latency);
    case 'size':
      return sizeGate(gate, context.bytes);
  }
}

/**
 * One verdict for each gate, in the declared order. The same context gives the same verdicts, apart from the latency
 * figures, which are marked `wallTime`.
 * @throws not_found when a prediction-test file was not supplied
 */
export async function judgeGates(gates: GatesConfig, context: GateContext): Promise<readonly Verdict[]> {
  const uses = new Map<string, number>();
  const verdicts: Verdict[] = [];
  for (const gate of gates) {
    const verdict = { kind: gate.gate, ...(await judge(gate, context)) };
    // Two bounds on one metric are two gates: names stay distinct, so that reports and records can tell them apart.
    const use = (uses.get(verdict.gate) ?? 0) + 1;
    uses.set(verdict.gate, use);
    verdicts.push(use === 1 ? verdict : { ...verdict, gate: `${verdict.gate} (${use})` });
  }
  return verdicts;
}
