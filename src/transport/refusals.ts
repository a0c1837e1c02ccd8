/** Why a message is not taken, in words. */
import { refusedSizes } from "./answer.ts";
import type { Call } from "./call.ts";
import { REQUEST_HEAD_SIZE } from "./envelope.ts";
import type { PeerMetrics } from "./metrics.ts";
import { PeerError } from "./peer-error.ts";
import { ReplyError } from "./reply-error.ts";

export function full(
  address: string,
  { messageCount, messageBytes }: Readonly<PeerMetrics>,
): PeerError<"queue_full"> {
  const message = `${messageCount} messages of ${messageBytes} bytes wait for ${address}`;
  const details = { address, messageCount, messageBytes };
  return new PeerError("queue_full", message, details);
}

export function tooLarge(
  call: Call,
  sizeMax: number,
): ReplyError<"packet_too_large"> {
  const { endpoint, outcome: delivery } = call;
  const size = call.size + REQUEST_HEAD_SIZE;
  const message = `a request of ${size} bytes is above the limit of ${sizeMax}: ${endpoint}`;
  const details = { endpoint, delivery, size, sizeMax };
  return new ReplyError("packet_too_large", message, details);
}

/** The other side had a reply that is larger than we accept; `body` is what it says of that. */
export function replyTooLarge(
  call: Call,
  body: Uint8Array,
): ReplyError<"reply_too_large"> {
  const sizes = refusedSizes(body);
  const what =
    sizes === undefined
      ? "the reply is too large"
      : `a reply of ${sizes.size} bytes is above the limit of ${sizes.sizeMax}`;
  return call.error("reply_too_large", what, { delivery: "answered" });
}

export function closedCall(call: Call, cause: Error): ReplyError<"closed"> {
  return call.error("closed", "it cannot be called any more", { cause });
}
