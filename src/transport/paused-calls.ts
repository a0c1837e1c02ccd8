/** Calls that pause before they are sent again. */
import type { Timer } from "../core/index.ts";
import type { Call } from "./call.ts";
import type { Shared } from "./shared.ts";

/** Keeps calls for a moment, each with a timer of its own: pauses are rare. */
export class PausedCalls {
  readonly #shared: Shared;
  readonly #resume: (call: Call) => void;
  readonly #timers = new Map<Call, Timer>();

  constructor(shared: Shared, resume: (call: Call) => void) {
    this.#shared = shared;
    this.#resume = resume;
  }

  get size(): number {
    return this.#timers.size;
  }

  has(call: Call): boolean {
    return this.#timers.has(call);
  }

  /** Resume it after about `brokenPromiseDelayMs`. */
  add(call: Call): void {
    const { config, providers } = this.#shared;
    const delayMs =
      config.peer.brokenPromiseDelayMs * (0.5 + providers.random.ratio());
    const timer = providers.time.schedule(delayMs, () => {
      this.#timers.delete(call);
      this.#resume(call);
    });
    this.#timers.set(call, timer);
  }

  /** Forget it. False when it does not pause. */
  delete(call: Call): boolean {
    const timer = this.#timers.get(call);
    timer?.cancel();
    return this.#timers.delete(call);
  }

  [Symbol.iterator](): IterableIterator<Call> {
    return this.#timers.keys();
  }
}
