/** Abort signals on a provider's clock. `AbortSignal.timeout` uses the machine's clock, so it has no place here. */
import { TimeError } from "./errors.ts";
import { onAbort } from "./on-abort.ts";
import type { TimeProvider } from "./time.ts";

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
