/** The idle time-out of a socket, on a provider's clock. */
import type { TimeProvider, Timer } from "../core/index.ts";

/**
 * Calls back when nothing has happened for a while, once; and once more
 * whenever something happens after that and then nothing again.
 *
 * At most one timer is pending. Activity does not move it, which would cost a
 * timer per chunk: when it fires too early it is set again, for what is left.
 */
export class IdleTimer {
  readonly #time: TimeProvider;
  readonly #onIdle: () => void;
  #timeoutMs = 0;
  #lastMs = 0;
  #timer: Timer | undefined;

  constructor(time: TimeProvider, onIdle: () => void) {
    this.#time = time;
    this.#onIdle = onIdle;
  }

  /** Wait for so much idleness, counted from now; for none if it is 0. */
  set(timeoutMs: number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timeoutMs = timeoutMs;
    this.touch();
  }

  /** Something happened. */
  touch(): void {
    if (this.#timeoutMs === 0) return;
    this.#lastMs = this.#time.now();
    this.#timer ??= this.#time.schedule(this.#timeoutMs, this.#fired);
  }

  readonly #fired = (): void => {
    const idleMs = this.#time.now() - this.#lastMs;
    const leftMs = this.#timeoutMs - idleMs;
    this.#timer = undefined;
    if (leftMs > 0) this.#timer = this.#time.schedule(leftMs, this.#fired);
    else this.#onIdle();
  };
}
