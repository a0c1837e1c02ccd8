/** The streams of a call, on the server's side. */
import type { Message } from "@bufbuild/protobuf";

import type { ReplyPromise } from "../transport/index.ts";
import { checkStream, encodeMessage } from "./encode-message.ts";
import { MessageStream } from "./message-stream.ts";
import { sendsStream, takesStream } from "./method-kind.ts";
import type { ServedMethod } from "./served-method.ts";
import { pump } from "./pump.ts";
import { RpcError } from "./rpc-error.ts";
import type { ServerCall } from "./server-call.ts";
import type { MethodKind } from "./spec.ts";

/** Whether a request came with the streams that its method has, and no others. */
export function hasStreamsOf(
  kind: MethodKind,
  { items, output }: ReplyPromise,
): boolean {
  return (
    (items !== undefined) === sendsStream(kind) &&
    (output !== undefined) === takesStream(kind)
  );
}

/** The requests of a call that has a stream of them. */
export function requestsOf(
  { codec, method }: ServedMethod,
  call: ServerCall,
): AsyncIterable<Message> {
  return new MessageStream(call.promise.items!, {
    codec,
    schema: method.input,
    broken: (cause) =>
      call.reason ??
      new RpcError("cancelled", "the stream of requests is over", { cause }),
    unreadable: (cause) =>
      new RpcError(
        "invalid_argument",
        "a request of the stream cannot be read",
        { cause },
      ),
    // What the handler does not read stays with the client, which is stopped by the answer.
    left: () => call.promise.items!.dismiss(),
  });
}

/** Send what a handler answers with. Rejects with `streamStopped` when nobody wanted the rest. */
export async function respond(
  parts: ServedMethod,
  call: ServerCall,
  result: unknown,
): Promise<void> {
  const responses = await result;
  checkStream(responses, `what ${parts.fullName} answers`);
  const outcome = await pump(responses, call.promise.output!, (item) =>
    encodeMessage(parts, parts.method.output, item),
  );
  if (outcome === "stopped") throw streamStopped;
}

/** How a stream ends that nobody waits for any more: no failure of its handler. */
export const streamStopped: Error = new Error("the stream is over");
