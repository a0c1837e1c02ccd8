/** What becomes of an error on the server's side: what its caller is told, and who else hears of it. */
import { emptyBytes } from "../base/bytes.ts";
import { thrownText } from "../base/shown.ts";
import { isReplyError } from "../transport/index.ts";
import { noMetadata } from "./metadata.ts";
import type { ServedMethod } from "./served-method.ts";
import { RpcError } from "./rpc-error.ts";
import type { ServerCall } from "./server-call.ts";
import { encodeStatus } from "./status.ts";
import { TooLargeError } from "./too-large.ts";

/** Answer a call with what its handler threw. Whatever that is, it is an answer. */
export function answerFailure(
  parts: ServedMethod,
  call: ServerCall,
  thrown: unknown,
): void {
  const error =
    thrown instanceof RpcError ? thrown : hidden(parts, call, thrown);
  const { trace } = parts.providers;
  if (trace.enabled) {
    trace.emit("rpc.handler_failed", {
      method: parts.fullName,
      code: error.code,
      text: thrownText(thrown),
    });
  }
  const extra = extraOf(parts, call, error);
  const body = statusOf(parts, call, error);
  call.promise.sendError("application", body, extra);
  checkAnswerSize(parts, call, body.length);
}

/** Whose answer is too large hears of it from the transport; here it is told at home, too. */
export function checkAnswerSize(
  parts: ServedMethod,
  call: ServerCall,
  size: number,
): void {
  const { exceededSizeMax } = call.promise;
  if (exceededSizeMax === undefined) return;
  const what = `a reply of ${parts.fullName}`;
  report(parts, call, new TooLargeError(what, size, exceededSizeMax));
}

/** Tell whoever serves what went wrong. */
export function report(
  { onError }: ServedMethod,
  call: ServerCall,
  problem: unknown,
): void {
  if (onError === undefined) return;
  try {
    const told: unknown = onError(problem, call);
    if (told instanceof Promise) told.catch(ignore);
  } catch {
    // A log that fails must not take the server with it: any caller could make it do so.
  }
}

/** What the caller is told of an error that was not meant for it. */
function hidden(
  parts: ServedMethod,
  call: ServerCall,
  thrown: unknown,
): RpcError {
  report(parts, call, thrown);
  if (thrown instanceof TooLargeError)
    return new RpcError("resource_exhausted", thrown.message);
  return new RpcError(
    "internal",
    parts.exposeErrors ? thrownText(thrown) : "the handler failed",
    { cause: thrown },
  );
}

/** The error as it travels: without its details when those cannot be written. */
function statusOf(
  parts: ServedMethod,
  call: ServerCall,
  error: RpcError,
): Uint8Array {
  try {
    return encodeStatus(error);
  } catch (problem) {
    report(parts, call, problem);
    return encodeStatus(new RpcError(error.code, thrownText(error.rawMessage)));
  }
}

/** What goes beside an error, which goes alone when that cannot be sent. */
function extraOf(
  parts: ServedMethod,
  call: ServerCall,
  error: RpcError,
): Uint8Array {
  // What another server said to the handler was said of that server.
  const isOwn = !isReplyError(error.cause);
  try {
    return call.replyExtra(isOwn ? error.metadata : noMetadata);
  } catch (problem) {
    report(parts, call, problem);
    return emptyBytes;
  }
}

function ignore(): void {
  // As for a log that throws at once.
}
