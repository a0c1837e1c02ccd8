/** Abort signals on a provider's clock. `AbortSignal.timeout` uses the machine's clock, so it has no place here. */
import { TimeError } from "./errors.ts";
import type { TimeProvider } from "./time.ts";

/**
 * Call back once when the signal fires (at once if it already has). Returns the way to unsubscribe, which every waiter
 * uses when it is done: a long-lived signal must not collect the listeners of finished waits.
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
  const listener = (): void => callback(signal.reason);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

/** A signal with a deadline. Dispose it when the work is done, so that its timer goes away. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** A signal that fires `ms` from now, or when `parent` does, whichever is first. */
export function deadline(
  time: TimeProvider,
  ms: number,
  parent?: AbortSignal,
): Deadline {
  const controller = new AbortController();
  const timer = time.schedule(ms, () =>
    controller.abort(
      new TimeError("elapsed", `the deadline of ${ms} ms passed`, {
        timeoutMs: ms,
      }),
    ),
  );
  const unsubscribe = onAbort(parent, (reason) => controller.abort(reason));
  const dispose = (): void => {
    timer.cancel();
    unsubscribe();
  };
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}

function nothing(): void {
  // Nothing was subscribed, so there is nothing to undo.
}
