/** A message that arrived, and the promise to answer it. */
import { emptyBytes } from "../base/bytes.ts";
import { Endpoint, type NetworkAddress, UID } from "../core/index.ts";
import type { FrameWriter, Token } from "../wire/index.ts";
import { type Answer, fitting, refusedSizes } from "./answer.ts";
import type { Channel } from "./channel.ts";
import type { Outgoing } from "./channel-output.ts";
import {
  Kind,
  ReplyStatus,
  type ReplyStatusName,
  RequestFlag,
  type RequestHead,
  Way,
  writeReply,
} from "./envelope.ts";
import type { OpenRequests } from "./open-requests.ts";
import type { RequestEnvelope } from "./request-envelope.ts";
import { StreamInput } from "./streams/stream-input.ts";
import { StreamOutput } from "./streams/stream-output.ts";

/** The connection that a request came by. */
export interface RequestOrigin {
  readonly channel: Channel;
  readonly requests: OpenRequests;
  /** The window of each stream that is read here. */
  readonly streamWindowBytes: number;
}

/** Told when nobody waits for the answer any more. */
export interface CancelListener {
  cancelled(): void;
}

/**
 * One request on the receiver's side. It is answered once, with `send` or `sendError`; disposing of it unanswered tells
 * the caller that the promise was broken. The answer goes back by the connection that the request came by, or nowhere
 * if that is gone.
 */
export class ReplyPromise
  implements RequestEnvelope, Disposable, Token, Outgoing
{
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
  /** What came with the request beside its body. */
  requestExtra: Uint8Array = emptyBytes;
  /** The items that follow the request; `undefined` when none do. */
  readonly items: StreamInput | undefined;
  /** Where items go that precede the answer; `undefined` when the caller takes none. */
  readonly output: StreamOutput | undefined;
  /** Another request with the same slot of its caller. For `OpenRequests` alone. */
  older: ReplyPromise | undefined;
  readonly #origin: RequestOrigin;
  #answered: boolean;
  #cancelled = false;
  /** Whether `OpenRequests` knows it. */
  #open = false;
  #status = 0;
  #reply = emptyBytes;
  #extra = emptyBytes;
  #onAnswered: ((answer: Answer) => void) | undefined;
  #cancelListener: CancelListener | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(origin: RequestOrigin, head: RequestHead, request: Uint8Array) {
    const { channel } = origin;
    this.request = request;
    this.expectsReply = head.kind === Kind.request;
    this.deadlineMs =
      head.remainingMs === 0 ? Infinity : channel.arrivedMs + head.remainingMs;
    this.a = head.replyToken.a;
    this.b = head.replyToken.b;
    this.c = head.replyToken.c;
    this.d = head.replyToken.d;
    this.#origin = origin;
    this.#answered = !this.expectsReply;
    if (head.flags !== 0 && this.expectsReply) {
      this.items = this.#itemsOf(head.flags);
      this.output = this.#outputOf(head.flags);
    }
  }

  /** Whether items belong to it, either way. */
  get hasStreams(): boolean {
    return this.items !== undefined || this.output !== undefined;
  }

  /** The other end of the connection. A client's port is ephemeral: an identity it is not. */
  get peer(): NetworkAddress {
    return this.#origin.channel.remoteAddress;
  }

  /** Who the caller has proved to be, by its certificate; `undefined` where nothing was proved. */
  get peerName(): string | undefined {
    return this.#origin.channel.peerName;
  }

  get replyTo(): Endpoint {
    return new Endpoint(this.peer, new UID(this.a, this.b, this.c, this.d));
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
    const sent = this.#reply.length + this.#extra.length;
    return sent + this.request.length + ownSize;
  }

  /** What the caller takes at most, in bytes, if its answer was larger: it is told so instead. */
  get exceededSizeMax(): number | undefined {
    if (this.#status !== ReplyStatus.reply_too_large) return undefined;
    return refusedSizes(this.#reply)?.sizeMax;
  }

  /** Whether the caller has given up: it sees no answer. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Answer. The bytes must not change any more. A second answer is ignored. Throws `TypeError` for what is no bytes. */
  send(reply: Uint8Array, extra: Uint8Array = emptyBytes): void {
    this.#answer({ status: ReplyStatus.ok, body: reply, extra });
  }

  /**
   * Answer with an error: one of the transport's, or `application` with a body that the caller understands. If only
   * the body fits into what the caller accepts, it goes without the extra.
   */
  sendError(
    error: Exclude<ReplyStatusName, "ok">,
    body: Uint8Array = emptyBytes,
    extra: Uint8Array = emptyBytes,
  ): void {
    this.#answer({ status: ReplyStatus[error], body, extra });
  }

  /** Take part in what the connection brings for it: cancellation, and the items of its streams. */
  open(): void {
    if (this.#open || this.#answered) return;
    this.#open = true;
    this.#origin.requests.add(this);
    if (this.hasStreams)
      this.#unsubscribe = this.onUnreachable((reason) =>
        this.#stopStreams(reason),
      );
  }

  /** Be told when the caller gives up. One listener only. */
  onCancelled(listener: CancelListener): void {
    this.#cancelListener = listener;
    this.open();
  }

  /** The caller gave up. What it is answered from now on is not sent. */
  cancel(): void {
    this.#cancelled = true;
    this.#close("the caller gave up");
    this.#cancelListener?.cancelled();
  }

  /** Be told when the connection is gone, so that nobody can be answered. Returns the way to unsubscribe. */
  onUnreachable(callback: (reason: Error) => void): () => void {
    return this.#origin.channel.onClosed(callback);
  }

  /** Be told of the answer, whatever it is. One listener only. */
  onAnswered(callback: (answer: Answer) => void): void {
    this.#onAnswered = callback;
  }

  /** Answer as another request was answered. */
  repeat(answer: Answer): void {
    this.#answer(answer);
  }

  /** Break the promise, unless it was kept. */
  [Symbol.dispose](): void {
    if (!this.#answered) this.sendError("broken_promise");
  }

  /** For the connection, when it writes. */
  writeTo(writer: FrameWriter): void {
    const parts = { token: this, extra: this.#extra, body: this.#reply };
    writeReply(writer, parts, this.#status);
  }

  #answer(answer: Answer): void {
    if (this.#answered) return;
    const { channel } = this.#origin;
    // A connection that is gone has no limit that an answer could be above.
    const sizeMax = channel.isOpen ? channel.payloadSizeMax : Infinity;
    const { status, body, extra } = fitting(answer, sizeMax);
    this.#answered = true;
    this.#status = status;
    this.#reply = body;
    this.#extra = extra;
    this.#close("the request has been answered");
    const isLone = channel.monitor.owedCount === 1 && !this.hasStreams;
    if (!this.#cancelled) channel.send(this, isLone);
    channel.monitor.owe(-1);
    this.#onAnswered?.(answer);
  }

  #itemsOf(flags: number): StreamInput | undefined {
    if ((flags & RequestFlag.sendsItems) === 0) return undefined;
    const input = new StreamInput(Way.toCaller, this.#origin.streamWindowBytes);
    input.open(this.#origin.channel, this);
    return input;
  }

  #outputOf(flags: number): StreamOutput | undefined {
    if ((flags & RequestFlag.takesItems) === 0) return undefined;
    const output = new StreamOutput(Way.toCaller);
    output.open(this.#origin.channel, this);
    return output;
  }

  /** Take no part any more. The error is made only for those who see it: most requests have no streams. */
  #close(why: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#origin.requests.delete(this);
    this.#unsubscribe?.();
    if (this.hasStreams) this.#stopStreams(new Error(why));
  }

  #stopStreams(reason: Error): void {
    this.items?.fail(reason, "drop");
    this.output?.stop();
  }
}

/** About what a promise takes by itself: its fields, and its place in a queue. */
const ownSize = 256;
