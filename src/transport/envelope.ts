/**
 * What a frame's payload holds.
 *
 * ```
 *          0      1       2               4                8             24
 * request  │ kind │ flags │ extra length  │ remaining ms   │ reply token │ extra │ body
 * reply    │ kind │ status│ extra length  │ extra │ body
 * ```
 *
 * One-way messages look like requests; their reply token is zero. `extra` is
 * room for metadata: readers skip what they do not know.
 */
import { type FrameWriter, readUint16, type Token, WireError, writeInt32, writeToken } from "../wire/index.ts";

/** What a payload is. The numbers between are kept for cancellation and streams. */
export const Kind: { readonly request: 1; readonly oneWay: 2; readonly reply: 3 } = Object.freeze({
  request: 1,
  oneWay: 2,
  reply: 3,
});

/** How a request ended on the other side. */
export const ReplyStatus: {
  readonly ok: 0;
  readonly application: 1;
  readonly broken_promise: 2;
  readonly endpoint_not_found: 3;
  readonly serialization: 4;
  readonly overloaded: 5;
  readonly reply_too_large: 6;
} = Object.freeze({
  ok: 0,
  application: 1,
  broken_promise: 2,
  endpoint_not_found: 3,
  serialization: 4,
  overloaded: 5,
  reply_too_large: 6,
});
export type ReplyStatusName = keyof typeof ReplyStatus;

export const REQUEST_HEAD_SIZE = 24;
export const REPLY_HEAD_SIZE = 4;

/** What goes into the head of a request. */
export interface RequestHead {
  readonly kind: number;
  /** Milliseconds the caller still waits, rounded up; 0 for ever. */
  readonly remainingMs: number;
  readonly replyToken: Token;
}

export function writeRequest(writer: FrameWriter, to: Token, head: RequestHead, body: Uint8Array): void {
  const at = writer.begin(to, REQUEST_HEAD_SIZE, body);
  writeInt32(writer.buffer, at, head.kind);
  writeInt32(writer.buffer, at + 4, head.remainingMs);
  writeToken(writer.buffer, at + 8, head.replyToken);
  writer.finish();
}

export function writeReply(writer: FrameWriter, to: Token, status: number, body: Uint8Array): void {
  const at = writer.begin(to, REPLY_HEAD_SIZE, body);
  writeInt32(writer.buffer, at, Kind.reply | (status << 8));
  writer.finish();
}

/** Where the body begins in a payload from `at` to `end`. Throws `WireError`. */
export function bodyStart(bytes: Uint8Array, at: number, end: number, headSize: number): number {
  const start = at + headSize + (at + headSize <= end ? readUint16(bytes, at + 2) : 0);
  if (start > end) throw badMessage(`${end - at} bytes are too few`);
  return start;
}

export function badMessage(problem: string): WireError<"bad_message"> {
  return new WireError("bad_message", `a frame holds no message: ${problem}`, { problem });
}
