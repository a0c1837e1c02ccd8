/** The machine's clock and timers. */
import {
  checkDelay,
  onAbort,
  type SleepOptions,
  type Timer,
  type TimeProvider,
} from "../core/index.ts";
import { NodeTimer, nodeTimerHost, type TimerHost } from "./timer.ts";

/**
 * Real time. Node's timers count from the start of the current turn of the
 * event loop and in whole milliseconds, so they may fire early; these never do,
 * because an early one waits again for the rest.
 */
export class NodeTimeProvider implements TimeProvider {
  readonly #host: TimerHost;

  constructor(host: TimerHost = nodeTimerHost) {
    this.#host = host;
  }

  now(): number {
    return this.#host.now();
  }

  /** The same as `now()`: real machines need no artificial drift. */
  timer(): number {
    return this.#host.now();
  }

  wallClock(): number {
    return Date.now();
  }

  sleep(ms: number, options?: SleepOptions): Promise<void> {
    checkDelay(ms, "a sleep");
    const signal = options?.signal;
    if (signal !== undefined) return this.#sleepUnless(signal, ms);
    return new Promise((resolve) => {
      this.schedule(ms, resolve);
    });
  }

  schedule(ms: number, callback: () => void): Timer {
    checkDelay(ms, "a timer's delay");
    return new NodeTimer(this.#host, ms, callback);
  }

  #sleepUnless(signal: AbortSignal, ms: number): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const unsubscribe = onAbort(signal, (reason) => {
        timer.cancel();
        reject(reason);
      });
      const timer = this.schedule(ms, () => {
        unsubscribe();
        resolve();
      });
    });
  }
}
