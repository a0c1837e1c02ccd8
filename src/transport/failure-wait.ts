/** Waiting until something is known of a remote. */
import { onAbort } from "../core/index.ts";
import type { Watched } from "./address-record.ts";
import type { FailureMonitor } from "./failure-monitor.ts";

export interface WaitForOptions {
  /** Ends the wait: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Resolve when `isSo` holds: now, or after some news. Nothing is left behind either way. */
export function waitFor(
  monitor: FailureMonitor,
  of: Watched,
  options: WaitForOptions & { readonly isSo: () => boolean },
): Promise<void> {
  const { isSo, signal } = options;
  if (isSo()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const unwatch = monitor.watch(of, () => {
      if (!isSo()) return;
      stop();
      resolve();
    });
    const unsubscribe = onAbort(signal, (reason) => {
      unwatch();
      reject(reason as Error);
    });
    const stop = (): void => {
      unwatch();
      unsubscribe();
    };
  });
}
