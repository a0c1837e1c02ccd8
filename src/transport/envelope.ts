/**
 * What a frame's payload holds.
 *
 * ```
 *          0      1        2              4              8             24
 * request  │ kind │ flags  │ extra length │ remaining ms │ reply token │ extra │ body
 * reply    │ kind │ status │ extra length │ extra │ body
 * cancel   │ kind │ 0      │ extra length │ extra
 * item     │ kind │ way    │ extra length │ extra │ body
 * end      │ kind │ 0      │ extra length │ extra
 * credit   │ kind │ way    │ extra length │ bytes (4) │ extra
 * ping     │ kind │ 0      │ extra length │ nonce (4) │ extra
 * pong     │ the same, with the nonce of the ping
 * ```
 *
 * One-way messages look like requests; their reply token is zero. Everything else that belongs to a request, in either
 * direction, is addressed by the request's reply token: a cancel says that the caller gave up, items are the messages of
 * a stream, `end` ends the caller's (a reply ends the other side's), and a credit allows so many more bytes of items.
 * `extra` is what goes with a message beside its body; readers skip what they do not know.
 */
import { emptyBytes } from "../base/bytes.ts";
import {
  type FrameWriter,
  type MutableToken,
  readInt32,
  readToken,
  readUint16,
  type Token,
  WireError,
  writeInt32,
  writeToken,
} from "../wire/index.ts";

/** What a payload is. */
export const Kind: {
  readonly request: 1;
  readonly oneWay: 2;
  readonly reply: 3;
  readonly ping: 4;
  readonly pong: 5;
  readonly cancel: 6;
  readonly item: 7;
  readonly end: 8;
  readonly credit: 9;
} = Object.freeze({
  request: 1,
  oneWay: 2,
  reply: 3,
  ping: 4,
  pong: 5,
  cancel: 6,
  item: 7,
  end: 8,
  credit: 9,
});

/** What a request says of streams: items will follow it, items are expected in return. */
export const RequestFlag: {
  readonly sendsItems: 1;
  readonly takesItems: 2;
} = Object.freeze({ sendsItems: 1, takesItems: 2 });

/** Which way a frame of a stream goes. */
export const Way: {
  readonly toReceiver: 0;
  readonly toCaller: 1;
} = Object.freeze({ toReceiver: 0, toCaller: 1 });
export type Way = 0 | 1;

/** How a request ended on the other side. */
export const ReplyStatus: {
  readonly ok: 0;
  readonly application: 1;
  readonly broken_promise: 2;
  readonly endpoint_not_found: 3;
  readonly serialization: 4;
  readonly overloaded: 5;
  readonly reply_too_large: 6;
  readonly unauthorized: 7;
  readonly stopping: 8;
} = Object.freeze({
  ok: 0,
  application: 1,
  broken_promise: 2,
  endpoint_not_found: 3,
  serialization: 4,
  overloaded: 5,
  reply_too_large: 6,
  unauthorized: 7,
  stopping: 8,
});
export type ReplyStatusName = keyof typeof ReplyStatus;

export const REQUEST_HEAD_SIZE = 24;
export const REPLY_HEAD_SIZE = 4;
export const PING_SIZE = 8;
export const ITEM_HEAD_SIZE = 4;
export const CREDIT_SIZE = 8;
/** The most that may go with a message beside its body, in bytes. */
export const EXTRA_SIZE_MAX = 16_384;

/** The head of a request or a one-way message. */
export interface RequestHead {
  readonly kind: number;
  /** Bits of `RequestFlag`. */
  readonly flags: number;
  /** Milliseconds the caller still waits, rounded up; 0 for ever. */
  readonly remainingMs: number;
  readonly replyToken: Token;
}

/** A head to read into, again and again. */
export interface MutableRequestHead {
  kind: number;
  flags: number;
  remainingMs: number;
  readonly replyToken: MutableToken;
}

/** What a frame with a request or a reply is made of. */
export interface Parts {
  readonly token: Token;
  readonly extra: Uint8Array;
  readonly body: Uint8Array;
}

/** Add a frame with a request to what will be written. */
export function writeRequest(
  writer: FrameWriter,
  message: Parts,
  head: RequestHead,
): void {
  const at = beginWithExtra(writer, message, REQUEST_HEAD_SIZE);
  writeInt32(
    writer.buffer,
    at,
    head.kind | (head.flags << 8) | (message.extra.length << 16),
  );
  writeInt32(writer.buffer, at + 4, head.remainingMs);
  writeToken(writer.buffer, at + 8, head.replyToken);
  writer.finish();
}

export function readRequestHead(
  bytes: Uint8Array,
  at: number,
  into: MutableRequestHead,
): void {
  into.kind = bytes[at] as number;
  into.flags = bytes[at + 1] as number;
  into.remainingMs = readInt32(bytes, at + 4) >>> 0;
  readToken(bytes, at + 8, into.replyToken);
}

/** Add a frame with a reply. */
export function writeReply(
  writer: FrameWriter,
  reply: Parts,
  status: number,
): void {
  const at = beginWithExtra(writer, reply, REPLY_HEAD_SIZE);
  writeInt32(
    writer.buffer,
    at,
    Kind.reply | (status << 8) | (reply.extra.length << 16),
  );
  writer.finish();
}

/** Start a frame, and put what goes beside the body behind its head. */
function beginWithExtra(
  writer: FrameWriter,
  { token, extra, body }: Parts,
  headSize: number,
): number {
  const at = writer.begin(token, headSize + extra.length, body);
  if (extra.length > 0) writer.buffer.set(extra, at + headSize);
  return at;
}

/** Add a frame with a ping, or the answer to one, to what will be written. */
export function writePing(
  writer: FrameWriter,
  kind: typeof Kind.ping | typeof Kind.pong,
  nonce: number,
): void {
  const at = writer.begin(nobody, PING_SIZE, emptyBytes);
  writeInt32(writer.buffer, at, kind);
  writeInt32(writer.buffer, at + 4, nonce);
  writer.finish();
}

export function readNonce(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + 4);
}

/** Whole milliseconds, at least one (0 would mean for ever); what does not fit is for ever. */
export function wholeMs(ms: number): number {
  const whole = Math.max(1, Math.ceil(ms));
  return whole > 0xffff_ffff ? 0 : whole;
}

/** Bytes between the head of a payload and its body. */
export function extraSize(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at + 2);
}

export function badMessage(problem: string): WireError<"bad_message"> {
  return new WireError("bad_message", `a frame holds no message: ${problem}`, {
    problem,
  });
}

/** The token of frames that are for the connection itself. */
const nobody: Token = Object.freeze({ a: 0, b: 0, c: 0, d: 0 });
