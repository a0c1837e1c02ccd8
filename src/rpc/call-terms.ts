/** What all that was said about a call comes to. */
import { shown } from "../base/shown.ts";
import { onAbort } from "../core/index.ts";
import type { CallOptions, HandlerContext } from "./call-options.ts";
import { RpcError } from "./rpc-error.ts";
import { ServerCall } from "./server-call.ts";

/**
 * How long it may take: the least of what the caller, the contract and the parent allow. Throws `RangeError` or
 * `TypeError` for options that no call can have.
 */
export function timeoutOf(
  options: CallOptions | undefined,
  usualMs: number,
): number {
  if (options === undefined) return usualMs;
  const { timeoutMs = usualMs, failedForMs, parent, signal } = options;
  if (timeoutMs !== usualMs) checkTimeout(timeoutMs);
  if (failedForMs !== undefined) checkTimeout(failedForMs, "failedForMs");
  if (signal !== undefined) checkSignal(signal);
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
  const ended = parent && endOf(parent);
  return ended === undefined ? undefined : cancelled(ended.reason);
}

/** Call back when the caller, or the call that it is made for, gives up. Returns the way to unsubscribe. */
export function onGivenUp(
  { signal, parent }: CallOptions,
  callback: (reason: unknown) => void,
): () => void {
  const own = onAbort(signal, callback);
  if (parent === undefined) return own;
  const parents =
    parent instanceof ServerCall
      ? parent.onGivenUp(callback)
      : onAbort(parent.signal, callback);
  return () => {
    own();
    parents();
  };
}

/** Refuse what is no length of time that a call could take: `RangeError`, or `TypeError` for what is no number. */
export function checkTimeout(timeoutMs: number, name = "timeoutMs"): void {
  const isNumber = typeof timeoutMs === "number";
  if (isNumber && timeoutMs > 0) return;
  const message = `${name} must be a number of milliseconds above 0, not ${shown(timeoutMs)}`;
  throw isNumber ? new RangeError(message) : new TypeError(message);
}

/** Refuse what is no signal, its controller above all: `TypeError`. */
export function checkSignal(signal: AbortSignal): void {
  if (typeof signal?.addEventListener === "function") return;
  throw new TypeError(
    `signal must be an AbortSignal, not ${shown(signal)}: give a controller's \`signal\``,
  );
}

/** Why nobody waits for the call any more that another is to be made for; `undefined` while somebody does. */
function endOf(
  parent: HandlerContext,
): { readonly reason: unknown } | undefined {
  if (!(parent instanceof ServerCall))
    return parent.signal.aborted ? parent.signal : undefined;
  parent.watch();
  return parent.reason && parent;
}

function cancelled(cause: unknown): RpcError {
  return new RpcError("cancelled", "the caller gave up before the call began", {
    delivery: "not_sent",
    cause,
  });
}
