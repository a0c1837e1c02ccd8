/** Timers that are never early. */
import type { Timer } from "../core/index.ts";

/** The clock and the timer that a `NodeTimeProvider` is built on. */
export interface TimerHost {
  /** Milliseconds, never backwards. */
  now(): number;
  /** Run `callback` in about `ms`; it may well be early. */
  arm(ms: number, callback: () => void): unknown;
  /** Forget a timer that `arm` returned. */
  disarm(handle: unknown): void;
}

/** Node's own: `performance.now()` and `setTimeout`. */
export const nodeTimerHost: Readonly<TimerHost> = Object.freeze({
  now: () => performance.now(),
  arm: (ms: number, callback: () => void) => setTimeout(callback, ms),
  disarm: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
});

/** One callback in the future, armed as often as it takes to be not early. */
export class NodeTimer implements Timer {
  readonly #host: TimerHost;
  readonly #startMs: number;
  readonly #ms: number;
  #callback: (() => void) | undefined;
  #handle: unknown;

  constructor(host: TimerHost, ms: number, callback: () => void) {
    this.#host = host;
    this.#startMs = host.now();
    this.#ms = ms;
    this.#callback = callback;
    this.#arm(ms);
  }

  cancel(): void {
    if (this.#callback === undefined) return;
    this.#callback = undefined;
    this.#host.disarm(this.#handle);
  }

  #arm(remainingMs: number): void {
    const wholeMs = Math.min(Math.ceil(remainingMs), timerMsMax);
    this.#handle = this.#host.arm(wholeMs, this.#fired);
  }

  readonly #fired = (): void => {
    const callback = this.#callback;
    if (callback === undefined) return;
    // Compared as a difference, as callers measure it: adding could round up.
    const elapsedMs = this.#host.now() - this.#startMs;
    if (elapsedMs < this.#ms) return this.#arm(this.#ms - elapsedMs);
    this.#callback = undefined;
    callback();
  };
}

/** The longest that `setTimeout` can wait; above it, it would not wait at all. */
const timerMsMax = 2_147_483_647;
