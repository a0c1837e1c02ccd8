/** How a request is answered. */
import { checkBytes, emptyBytes } from "../base/bytes.ts";
import { readInt32, writeInt32 } from "../wire/index.ts";
import { REPLY_HEAD_SIZE, ReplyStatus } from "./envelope.ts";

/** What a request was answered with. */
export interface Answer {
  /** One of `ReplyStatus`. */
  readonly status: number;
  readonly body: Uint8Array;
  /** What goes with it beside the body. */
  readonly extra: Uint8Array;
}

/**
 * As much of an answer as the caller accepts: that an error arrives matters more than what is beside it. Throws
 * `TypeError` for what is not made of bytes.
 */
export function fitting(answer: Answer, payloadSizeMax: number): Answer {
  const { status, body, extra } = answer;
  checkBytes("a reply", body);
  const bodySizeMax = payloadSizeMax - REPLY_HEAD_SIZE;
  const size = body.length + extra.length;
  if (size <= bodySizeMax) return answer;
  return status === ReplyStatus.application && body.length <= bodySizeMax
    ? { status, body, extra: emptyBytes }
    : tooLarge(size, bodySizeMax);
}

/** What became of a reply that was too large, as `fitting` wrote it. */
export function refusedSizes(
  body: Uint8Array,
): { readonly size: number; readonly sizeMax: number } | undefined {
  if (body.length !== sizesLength) return undefined;
  return { size: readInt32(body, 0), sizeMax: readInt32(body, 4) };
}

function tooLarge(size: number, sizeMax: number): Answer {
  const body = sizeMax < sizesLength ? emptyBytes : new Uint8Array(sizesLength);
  if (body.length > 0) {
    writeInt32(body, 0, Math.min(size, int32Max));
    writeInt32(body, 4, sizeMax);
  }
  return { status: ReplyStatus.reply_too_large, body, extra: emptyBytes };
}

/** Two numbers: the size, and the limit. */
const sizesLength = 8;
const int32Max = 0x7fff_ffff;
