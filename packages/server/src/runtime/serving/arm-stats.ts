import type { ArmService } from '@twinloop/loop/delivery';
import { LatencyWindow } from './latency-window.js';

interface Arm {
  readonly latency: LatencyWindow;
  requests: number;
  errors: number;
}

/** How each model of an endpoint served in this life of the process, live or in shadow, since it was last reset. */
export class ArmStats {
  readonly #arms = new Map<string, Arm>();

  answered(model: string, ms: number, failed: boolean): void {
    let arm = this.#arms.get(model);
    if (arm === undefined) {
      arm = { latency: new LatencyWindow(), requests: 0, errors: 0 };
      this.#arms.set(model, arm);
    }
    arm.requests++;
    if (failed) arm.errors++;
    else arm.latency.add(ms);
  }

  /** A stage begins: what was before does not count for it. */
  reset(): void {
    this.#arms.clear();
  }

  /** The reading of a model under the name that its part in the comparison has. */
  service(variant: string, model: string): ArmService {
    const arm = this.#arms.get(model);
    return {
      variant,
      model,
      requests: arm?.requests ?? 0,
      errors: arm?.errors ?? 0,
      p95Ms: arm?.latency.quantile(0.95) ?? Number.NaN,
    };
  }
}
