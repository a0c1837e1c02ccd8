/** What all that was said about a call comes to. */
import { onAbort } from "../core/index.ts";
import type { CallOptions } from "./call-options.ts";
import { RpcError } from "./rpc-error.ts";

/** How long it may take: the least of what the caller, the contract and the parent allow. Throws `RangeError`. */
export function timeoutOf(
  options: CallOptions | undefined,
  usualMs: number,
): number {
  if (options === undefined) return usualMs;
  const { timeoutMs = usualMs, failedForMs, parent } = options;
  if (timeoutMs !== usualMs) checkTimeout(timeoutMs);
  if (failedForMs !== undefined) checkTimeout(failedForMs, "failedForMs");
  return parent === undefined
    ? timeoutMs
    : Math.min(timeoutMs, parent.timeRemainingMs());
}

/** Why the call need not begin, if so. */
export function obstacleTo(
  options: CallOptions | undefined,
  timeoutMs: number,
): RpcError | undefined {
  const { signal, parent } = options ?? {};
  if (signal?.aborted === true) return cancelled(signal.reason);
  if (timeoutMs <= 0)
    return new RpcError(
      "deadline_exceeded",
      "the call that this one was to be made for has no time left",
      { delivery: "not_sent" },
    );
  return parent?.signal.aborted === true
    ? cancelled(parent.signal.reason)
    : undefined;
}

/** Call back when the caller, or the call that it is made for, gives up. Returns the way to unsubscribe. */
export function onGivenUp(
  { signal, parent }: CallOptions,
  callback: (reason: unknown) => void,
): () => void {
  const own = onAbort(signal, callback);
  if (parent === undefined) return own;
  const parents = onAbort(parent.signal, callback);
  return () => {
    own();
    parents();
  };
}

/** Refuse what is no length of time that a call could take. */
export function checkTimeout(timeoutMs: number, name = "timeoutMs"): void {
  if (timeoutMs > 0) return;
  throw new RangeError(
    `${name} must be a number of milliseconds above 0, not ${timeoutMs}`,
  );
}

function cancelled(cause: unknown): RpcError {
  return new RpcError("cancelled", "the caller gave up before the call began", {
    delivery: "not_sent",
    cause,
  });
}
