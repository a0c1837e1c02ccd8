/** A message that arrived, and the promise to answer it. */
import { emptyBytes } from "../base/bytes.ts";
import type { NetworkAddress } from "../core/index.ts";
import { type FrameWriter, readInt32, type Token, tokenOffset } from "../wire/index.ts";
import type { Channel, Outgoing } from "./channel.ts";
import { Kind, REPLY_HEAD_SIZE, ReplyStatus, type ReplyStatusName, writeReply } from "./envelope.ts";

/**
 * One request on the receiver's side. It is answered once, with `send` or
 * `sendError`; disposing of it unanswered tells the caller that the promise was
 * broken. The answer goes back by the connection that the request came by, or
 * nowhere if that is gone.
 */
export class ReplyPromise implements Disposable, Token, Outgoing {
  /** The body. A view of what arrived: keeping it keeps the whole chunk. */
  readonly request: Uint8Array;
  /** False for one-way messages: answers to them go nowhere. */
  readonly expectsReply: boolean;
  /** When the caller gives up, by our `time.now()`; `Infinity` when it never does. */
  readonly deadlineMs: number;
  /** The words of the caller's reply token. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly #channel: Channel;
  #answered: boolean;
  #status = 0;
  #reply = emptyBytes;

  /** `at` is where the envelope begins in `bytes`, `body` what follows it. */
  constructor(channel: Channel, bytes: Uint8Array, at: number, body: Uint8Array) {
    const token = at + 8 - tokenOffset.b;
    const remainingMs = readInt32(bytes, at + 4) >>> 0;
    this.request = body;
    this.expectsReply = bytes[at] === Kind.request;
    this.deadlineMs = remainingMs === 0 ? Infinity : channel.arrivedMs + remainingMs;
    this.a = readInt32(bytes, token + tokenOffset.a);
    this.b = readInt32(bytes, token + tokenOffset.b);
    this.c = readInt32(bytes, token + tokenOffset.c);
    this.d = readInt32(bytes, token + tokenOffset.d);
    this.#channel = channel;
    this.#answered = !this.expectsReply;
  }

  /** The other end of the connection. A client's port is ephemeral: an identity it is not. */
  get peer(): NetworkAddress {
    return this.#channel.remoteAddress;
  }

  /** Whether it was answered, or needs no answer. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Bytes that the answer holds while it waits to be written. */
  get size(): number {
    return this.#reply.length;
  }

  /** Answer. The bytes must not change any more. A second answer is ignored. */
  send(reply: Uint8Array): void {
    if (reply.length + REPLY_HEAD_SIZE > this.#channel.payloadSizeMax) this.sendError("reply_too_large");
    else this.#answer(ReplyStatus.ok, reply);
  }

  /** Answer with an error: one of the transport's, or `application` with a body that the caller understands. */
  sendError(error: Exclude<ReplyStatusName, "ok">, body: Uint8Array = emptyBytes): void {
    if (body.length + REPLY_HEAD_SIZE > this.#channel.payloadSizeMax)
      this.#answer(ReplyStatus.reply_too_large, emptyBytes);
    else this.#answer(ReplyStatus[error], body);
  }

  /** Be told when the connection is gone, so that nobody can be answered. Returns the way to unsubscribe. */
  onUnreachable(callback: (reason: Error) => void): () => void {
    return this.#channel.onClosed(callback);
  }

  /** Break the promise, unless it was kept. */
  [Symbol.dispose](): void {
    if (!this.#answered) this.sendError("broken_promise");
  }

  /** For the connection, when it writes. */
  writeTo(writer: FrameWriter): void {
    writeReply(writer, this, this.#status, this.#reply);
  }

  #answer(status: number, reply: Uint8Array): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#status = status;
    this.#reply = reply;
    this.#channel.send(this);
  }
}
