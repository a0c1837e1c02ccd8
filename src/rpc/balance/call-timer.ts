/** The time that one call has. */
import type { Expiring, NetTransport } from "../../transport/index.ts";

/** One timer for all that a call may wait for: whatever it is, it is never waited for beyond the call's deadline. */
export class CallTimer implements Expiring {
  deadlineMs: number = Infinity;
  queueIndex: number = -1;
  readonly #transport: NetTransport;
  readonly #untilMs: number;
  readonly #onTimeUp: () => void;
  #then: () => void = ignore;

  constructor(
    transport: NetTransport,
    timeoutMs: number,
    onTimeUp: () => void,
  ) {
    this.#transport = transport;
    this.#untilMs = transport.providers.time.now() + timeoutMs;
    this.#onTimeUp = onTimeUp;
  }

  /** How much of the call's time is left. */
  get remainingMs(): number {
    return this.#untilMs - this.#transport.providers.time.now();
  }

  /** Ring once after so long, instead of what was asked before; or when the call's time is up, if that is sooner. */
  ringAfter(ms: number, then: () => void): void {
    this.stop();
    const atMs = this.#transport.providers.time.now() + ms;
    this.#then = atMs < this.#untilMs ? then : this.#onTimeUp;
    this.deadlineMs = Math.min(atMs, this.#untilMs);
    if (this.deadlineMs < Infinity) this.#transport.deadlines.add(this);
  }

  /** Harmless when nothing is waited for. */
  stop(): void {
    this.#transport.deadlines.delete(this);
    this.#then = ignore;
  }

  expire(): void {
    this.#then();
  }
}

function ignore(): void {
  // Nothing is waited for.
}
