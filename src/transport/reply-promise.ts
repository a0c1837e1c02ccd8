/** A message that arrived, and the promise to answer it. */
import { emptyBytes } from "../base/bytes.ts";
import type { NetworkAddress } from "../core/index.ts";
import type { FrameWriter, Token } from "../wire/index.ts";
import type { Channel } from "./channel.ts";
import type { Outgoing } from "./channel-output.ts";
import {
  Kind,
  REPLY_HEAD_SIZE,
  ReplyStatus,
  type ReplyStatusName,
  type RequestHead,
  writeReplyHead,
} from "./envelope.ts";

/** What a request was answered with. */
export interface Answer {
  /** One of `ReplyStatus`. */
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * One request on the receiver's side. It is answered once, with `send` or `sendError`; disposing of it unanswered tells
 * the caller that the promise was broken. The answer goes back by the connection that the request came by, or nowhere
 * if that is gone.
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
  #onAnswered: ((answer: Answer) => void) | undefined;

  constructor(channel: Channel, head: RequestHead, request: Uint8Array) {
    this.request = request;
    this.expectsReply = head.kind === Kind.request;
    this.deadlineMs =
      head.remainingMs === 0 ? Infinity : channel.arrivedMs + head.remainingMs;
    this.a = head.replyToken.a;
    this.b = head.replyToken.b;
    this.c = head.replyToken.c;
    this.d = head.replyToken.d;
    this.#channel = channel;
    this.#answered = !this.expectsReply;
  }

  /** The other end of the connection. A client's port is ephemeral: an identity it is not. */
  get peer(): NetworkAddress {
    return this.#channel.remoteAddress;
  }

  /** Who the caller has proved to be, by its certificate; `undefined` where nothing was proved. */
  get peerName(): string | undefined {
    return this.#channel.peerName;
  }

  /** Whether it was answered, or needs no answer. */
  get answered(): boolean {
    return this.#answered;
  }

  /**
   * About how many bytes are held while the answer waits to be written: the request and this object count, too. Else
   * whoever asks for empty replies and reads none could fill the memory.
   */
  get size(): number {
    return this.#reply.length + this.request.length + ownSize;
  }

  /** Answer. The bytes must not change any more. A second answer is ignored. */
  send(reply: Uint8Array): void {
    this.#answer(ReplyStatus.ok, reply);
  }

  /** Answer with an error: one of the transport's, or `application` with a body that the caller understands. */
  sendError(
    error: Exclude<ReplyStatusName, "ok">,
    body: Uint8Array = emptyBytes,
  ): void {
    this.#answer(ReplyStatus[error], body);
  }

  /** Be told when the connection is gone, so that nobody can be answered. Returns the way to unsubscribe. */
  onUnreachable(callback: (reason: Error) => void): () => void {
    return this.#channel.onClosed(callback);
  }

  /** Be told of the answer, whatever it is. One listener only. */
  onAnswered(callback: (answer: Answer) => void): void {
    this.#onAnswered = callback;
  }

  /** Answer as another request was answered. */
  repeat(answer: Answer): void {
    this.#answer(answer.status, answer.body);
  }

  /** Break the promise, unless it was kept. */
  [Symbol.dispose](): void {
    if (!this.#answered) this.sendError("broken_promise");
  }

  /** For the connection, when it writes. */
  writeTo(writer: FrameWriter): void {
    const at = writer.begin(this, REPLY_HEAD_SIZE, this.#reply);
    writeReplyHead(writer.buffer, at, this.#status);
    writer.finish();
  }

  #answer(status: number, reply: Uint8Array): void {
    if (this.#answered) return;
    this.#answered = true;
    const fits = reply.length + REPLY_HEAD_SIZE <= this.#channel.payloadSizeMax;
    this.#status = fits ? status : ReplyStatus.reply_too_large;
    this.#reply = fits ? reply : emptyBytes;
    this.#channel.send(this);
    this.#channel.monitor.owe(-1);
    this.#onAnswered?.({ status, body: reply });
  }
}

/** About what a promise takes by itself: its fields, and its place in a queue. */
const ownSize = 256;
