/** How a request is answered. */
import { emptyBytes } from "../base/bytes.ts";
import { REPLY_HEAD_SIZE, ReplyStatus } from "./envelope.ts";

/** What a request was answered with. */
export interface Answer {
  /** One of `ReplyStatus`. */
  readonly status: number;
  readonly body: Uint8Array;
  /** What goes with it beside the body. */
  readonly extra: Uint8Array;
}

/** As much of an answer as the caller accepts: that an error arrives matters more than what is beside it. */
export function fitting(answer: Answer, payloadSizeMax: number): Answer {
  const { status, body, extra } = answer;
  const bodySizeMax = payloadSizeMax - REPLY_HEAD_SIZE;
  if (body.length + extra.length <= bodySizeMax) return answer;
  return status === ReplyStatus.application && body.length <= bodySizeMax
    ? { status, body, extra: emptyBytes }
    : tooLarge;
}

const tooLarge: Answer = Object.freeze({
  status: ReplyStatus.reply_too_large,
  body: emptyBytes,
  extra: emptyBytes,
});
