import { TwinloopError, type Verdict } from '@twinloop/kernel';
import { championGate } from './champion-gate.js';
import type { GateConfig, GatesConfig } from './config.js';
import type { GateContext } from './gate-context.js';
import { latencyGate, sizeGate } from './limit-gates.js';
import { metricGate } from './metric-gate.js';
import { predictionsGate } from './predictions-gate.js';

function judge(gate: GateConfig, context: GateContext): Verdict {
  switch (gate.gate) {
    case 'metric':
      return metricGate(gate, context);
    case 'champion':
      return championGate(gate, context);
    case 'predictions': {
      const tests = context.tests?.[gate.file];
      if (tests === undefined) {
        throw new TwinloopError('not_found', {
          field: 'gates',
          values: { what: `Prediction test file ${gate.file}` },
        });
      }
      return predictionsGate(gate.file, tests, context);
    }
    case 'latency':
      return latencyGate(gate, context.latency);
    case 'size':
      return sizeGate(gate, context.bytes);
  }
}

/**
 * One verdict for each gate, in the declared order. Pure: the same context gives the same verdicts, apart from the
 * latency figures, which are marked `wallTime`.
 * @throws not_found when a prediction-test file was not supplied
 */
export function judgeGates(gates: GatesConfig, context: GateContext): readonly Verdict[] {
  const verdicts = gates.map(gate => judge(gate, context));
  const uses = new Map<string, number>();
  return verdicts.map(verdict => {
    // Two bounds on one metric are two gates: names stay distinct, so that reports and records can tell them apart.
    const use = (uses.get(verdict.gate) ?? 0) + 1;
    uses.set(verdict.gate, use);
    return use === 1 ? verdict : { ...verdict, gate: `${verdict.gate} (${use})` };
  });
}
