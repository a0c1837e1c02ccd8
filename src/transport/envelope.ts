/**
 * What a frame's payload holds.
 *
 * ```
 *          0      1        2              4              8             24
 * request  │ kind │ flags  │ extra length │ remaining ms │ reply token │ extra │ body
 * reply    │ kind │ status │ extra length │ extra │ body
 * ping     │ kind │ 0      │ extra length │ nonce (4) │ extra
 * pong     │ the same, with the nonce of the ping
 * ```
 *
 * One-way messages look like requests; their reply token is zero. `extra` is room for metadata: readers skip what they
 * do not know.
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

/** What a payload is. More numbers will be taken by cancellation and streams. */
export const Kind: {
  readonly request: 1;
  readonly oneWay: 2;
  readonly reply: 3;
  readonly ping: 4;
  readonly pong: 5;
} = Object.freeze({
  request: 1,
  oneWay: 2,
  reply: 3,
  ping: 4,
  pong: 5,
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
  readonly unauthorized: 7;
} = Object.freeze({
  ok: 0,
  application: 1,
  broken_promise: 2,
  endpoint_not_found: 3,
  serialization: 4,
  overloaded: 5,
  reply_too_large: 6,
  unauthorized: 7,
});
export type ReplyStatusName = keyof typeof ReplyStatus;

export const REQUEST_HEAD_SIZE = 24;
export const REPLY_HEAD_SIZE = 4;
export const PING_SIZE = 8;

/** The head of a request or a one-way message. */
export interface RequestHead {
  readonly kind: number;
  /** Milliseconds the caller still waits, rounded up; 0 for ever. */
  readonly remainingMs: number;
  readonly replyToken: Token;
}

/** A head to read into, again and again. */
export interface MutableRequestHead {
  kind: number;
  remainingMs: number;
  readonly replyToken: MutableToken;
}

/** Add a frame with a request to what will be written. */
export function writeRequest(
  writer: FrameWriter,
  message: { readonly token: Token; readonly body: Uint8Array },
  head: RequestHead,
): void {
  const at = writer.begin(message.token, REQUEST_HEAD_SIZE, message.body);
  writeInt32(writer.buffer, at, head.kind);
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
  into.remainingMs = readInt32(bytes, at + 4) >>> 0;
  readToken(bytes, at + 8, into.replyToken);
}

export function writeReplyHead(
  bytes: Uint8Array,
  at: number,
  status: number,
): void {
  writeInt32(bytes, at, Kind.reply | (status << 8));
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
