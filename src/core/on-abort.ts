/** Waiting for a signal. */

/**
 * Call back once when the signal fires (at once if it already has). Returns the way to unsubscribe, which every waiter
 * uses when it is done: a long-lived signal must not collect those whose wait is over.
 */
export function onAbort(
  signal: AbortSignal | undefined,
  callback: (reason: unknown) => void,
): () => void {
  if (signal === undefined) return nothing;
  if (signal.aborted) {
    callback(signal.reason);
    return nothing;
  }
  let audience = audiences.get(signal);
  if (audience === undefined) {
    audience = new Audience(signal);
    audiences.set(signal, audience);
  }
  return audience.add(callback);
}

/** One who waits. An object of its own, as the same function may wait twice. */
interface Waiter {
  readonly callback: (reason: unknown) => void;
}

/**
 * All who wait for one signal, behind one listener: Node takes more than ten listeners at a signal for a leak, and goes
 * through all of them to find one. In the order in which they came; while nobody waits, nothing listens.
 */
class Audience {
  readonly #signal: AbortSignal;
  readonly #waiters = new Set<Waiter>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(callback: (reason: unknown) => void): () => void {
    const waiter: Waiter = { callback };
    if (this.#waiters.size === 0)
      this.#signal.addEventListener("abort", this.#fired);
    this.#waiters.add(waiter);
    return () => {
      if (!this.#waiters.delete(waiter) || this.#waiters.size > 0) return;
      this.#signal.removeEventListener("abort", this.#fired);
    };
  }

  readonly #fired = (): void => {
    const { reason } = this.#signal;
    this.#signal.removeEventListener("abort", this.#fired);
    // Those that an earlier one unsubscribes are not called any more.
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      callBack(waiter, reason);
    }
  };
}

/** One that throws keeps no other from its call. It is as unhandled as what a listener throws. */
function callBack({ callback }: Waiter, reason: unknown): void {
  try {
    callback(reason);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function nothing(): void {
  // Nothing was subscribed, so there is nothing to undo.
}

const audiences = new WeakMap<AbortSignal, Audience>();
