import { type GuardrailReading, parseDuration } from '@twinloop/kernel';
import { binomialEProcess, isLoss, isScaled } from '@twinloop/stats';
import type { GuardrailConfig, RolloutConfig } from '../config.js';
import type { ArmService } from '../reading.js';
import { type GapEvidence, GUARDRAIL_ALPHA, readCalibration } from './calibration.js';

/** A p95 of fewer answers is noise. */
const TIMED_AT_LEAST = 200;

export interface GuardrailInput {
  /** The loss that is compared; only probabilities have a calibration. */
  readonly metric: string;
  /** Null: not read at this stage. */
  readonly gap: GapEvidence | null;
  readonly service: readonly ArmService[];
  /** Variant of the arm that is guarded, and of the one that it is compared with. */
  readonly arms: readonly [guarded: string, other: string];
}

/** Every guardrail that has something to read. */
export function readGuardrails(config: RolloutConfig, input: GuardrailInput): readonly GuardrailReading[] {
  const { guardrails } = config;
  const arm = input.service.find(({ variant }) => variant === input.arms[0]);
  const other = input.service.find(({ variant }) => variant === input.arms[1]);
  return [
    ...(arm === undefined ? [] : [readErrors(arm, guardrails)]),
    ...(arm === undefined || other === undefined ? [] : [readLatency(arm, other, guardrails)]),
    ...(input.gap === null ||
    (isLoss(input.metric) && isScaled(input.metric)) ||
    !Number.isFinite(guardrails.calibration)
      ? []
      : [readCalibration(input.gap, guardrails.calibration)]),
  ];
}

/** Exact at every look: a binomial e-process against "the rate is at most the allowed one". */
function readErrors(
  { requests, errors }: ArmService,
  { errors: allowed }: GuardrailConfig,
): GuardrailReading {
  const process = binomialEProcess(allowed, { alternative: 'greater' });
  const state = { successes: errors, failures: requests - errors };
  return {
    guardrail: 'errors',
    tripped: process.eValue(state) >= 1 / GUARDRAIL_ALPHA,
    evidence: {
      statistic: 'share of failed answers',
      value: requests === 0 ? 0 : errors / requests,
      n: requests,
      threshold: allowed,
      method: `binomial e-process, α = ${GUARDRAIL_ALPHA}`,
    },
  };
}

/** A rule, not a test: the p95 of everything since the stage began, once both arms have answered often enough. */
function readLatency(arm: ArmService, other: ArmService, guardrails: GuardrailConfig): GuardrailReading {
  const { latency, latencyFloor } = guardrails;
  const n = Math.min(arm.requests, other.requests);
  const ratio = n > 0 && other.p95Ms > 0 ? arm.p95Ms / other.p95Ms : 0;
  const value = Number.isFinite(ratio) ? ratio : 0;
  return {
    guardrail: 'latency',
    tripped: n >= TIMED_AT_LEAST && value > latency && arm.p95Ms > parseDuration(latencyFloor),
    evidence: {
      statistic: 'ratio of p95 latencies',
      value,
      n,
      threshold: latency,
      method: `p95 of at least ${TIMED_AT_LEAST} answers of each, and above ${latencyFloor}`,
      wallTime: true,
    },
  };
}
