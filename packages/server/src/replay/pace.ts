import type { ReplaySpeed } from '@twinloop/client';
import type { EpochMs } from '@twinloop/kernel';

/** Wall time that the whole interval takes at 1×. */
const FULL_REPLAY_MS = 90_000;
/** How long the replay lingers at an alarm or decision when asked to. */
export const LINGER_MS = 2_500;

/**
 * Decides how long to wait before virtual time may reach `at`. The schedule is for the whole interval: what training
 * cost is caught up afterwards, so that a year takes about 90 s on a slow machine too. Pacing only delays; it never
 * decides what happens.
 */
export class Pace {
  #speed: ReplaySpeed;
  readonly #span: number;
  #anchorWall = 0;
  #anchorAt: EpochMs = 0;
  #rate = 0;

  constructor(speed: ReplaySpeed, from: EpochMs, until: EpochMs) {
    this.#speed = speed;
    this.#span = Math.max(1, until - from);
  }

  get speed(): ReplaySpeed {
    return this.#speed;
  }

  /** Starts counting anew from here: after a pause, a change of speed, a lingering. */
  anchor(wall: number, at: EpochMs, speed: ReplaySpeed = this.#speed): void {
    this.#speed = speed;
    this.#anchorWall = wall;
    this.#anchorAt = at;
    this.#rate = speed === 'max' ? Number.POSITIVE_INFINITY : (this.#span / FULL_REPLAY_MS) * speed;
  }

  /** Milliseconds to wait; 0 when behind schedule. */
  wait(wall: number, at: EpochMs): number {
    return Math.max(0, this.#anchorWall + (at - this.#anchorAt) / this.#rate - wall);
  }
}
