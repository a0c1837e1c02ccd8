/** Takes each frame of one connection to the call or the receiver that it is for. */
import { emptyBytes } from "../base/bytes.ts";
import {
  type FrameSink,
  HEADER_SIZE,
  readToken,
  TOKEN_OFFSET,
} from "../wire/index.ts";
import { UID } from "../core/index.ts";
import type { Channel } from "./channel.ts";
import {
  badMessage,
  extraSize,
  Kind,
  PING_SIZE,
  readNonce,
  readRequestHead,
  REPLY_HEAD_SIZE,
  REQUEST_HEAD_SIZE,
} from "./envelope.ts";
import { OpenRequests } from "./open-requests.ts";
import { ReplyPromise, type RequestOrigin } from "./reply-promise.ts";
import type { Shared } from "./shared.ts";
import { StreamInbox } from "./streams/stream-inbox.ts";

/** What a frame of another shape is, is its sender's mistake, and ends the connection. */
export class Inbox implements FrameSink, RequestOrigin {
  readonly channel: Channel;
  readonly requests: OpenRequests = new OpenRequests();
  readonly streamWindowBytes: number;
  readonly #shared: Shared;
  readonly #streams: StreamInbox;

  constructor(shared: Shared, channel: Channel) {
    this.channel = channel;
    this.streamWindowBytes = shared.config.streamWindowBytes;
    this.#shared = shared;
    this.#streams = new StreamInbox(shared, this);
  }

  /** Throws `WireError` when the frame holds no message. */
  frame(bytes: Uint8Array, start: number, end: number): void {
    this.#shared.counters.framesReceived += 1;
    readToken(bytes, start + TOKEN_OFFSET, this.#shared.token);
    const at = start + HEADER_SIZE;
    const kind = at < end ? (bytes[at] as number) : 0;
    if (kind === Kind.reply) this.#reply(bytes, at, end);
    else if (kind === Kind.request || kind === Kind.oneWay)
      this.#message(bytes, at, end);
    else if (kind === Kind.ping || kind === Kind.pong)
      this.#ping(kind, bytes, { start: at, end });
    else if (kind >= Kind.cancel && kind <= Kind.credit)
      this.#streams.frame(bytes, at, end);
    else
      throw badMessage(
        at < end ? `${kind} is no kind of message` : "it is empty",
      );
  }

  #ping(
    kind: typeof Kind.ping | typeof Kind.pong,
    bytes: Uint8Array,
    payload: { readonly start: number; readonly end: number },
  ): void {
    const { start, end } = payload;
    if (end - start < PING_SIZE)
      throw badMessage(`${end - start} bytes are no ping`);
    const nonce = readNonce(bytes, start);
    this.channel.guard.ping();
    if (kind === Kind.ping) this.channel.answerPing(nonce);
    else this.channel.monitor.pong(nonce);
  }

  #reply(bytes: Uint8Array, at: number, end: number): void {
    const { calls, counters, token } = this.#shared;
    const bodyStart = at + REPLY_HEAD_SIZE + extraSize(bytes, at);
    if (bodyStart > end) throw badMessage(`${end - at} bytes are no reply`);
    const call = calls.find(token, this.channel);
    if (call === undefined) {
      counters.repliesUnexpected += 1;
      return this.channel.guard.stray();
    }
    this.channel.guard.askedCount += 1;
    const extraStart = at + REPLY_HEAD_SIZE;
    calls.answer(call, {
      status: bytes[at + 1] as number,
      // Few replies have any, and a view costs more than all else here (rpc.unary).
      extra:
        extraStart < bodyStart
          ? bytes.subarray(extraStart, bodyStart)
          : emptyBytes,
      body: bytes.subarray(bodyStart, end),
    });
  }

  #message(bytes: Uint8Array, at: number, end: number): void {
    const { head } = this.#shared;
    const bodyStart = at + REQUEST_HEAD_SIZE + extraSize(bytes, at);
    if (bodyStart > end) throw badMessage(`${end - at} bytes are no request`);
    readRequestHead(bytes, at, head);
    const body = bytes.subarray(bodyStart, end);
    const promise = new ReplyPromise(this, head, body);
    if (bodyStart > at + REQUEST_HEAD_SIZE)
      promise.requestExtra = bytes.subarray(at + REQUEST_HEAD_SIZE, bodyStart);
    if (promise.expectsReply && this.#owesTooMuch())
      promise.sendError("overloaded");
    else if (promise.hasStreams) this.#openStreams(promise);
    else this.#dispatch(promise);
  }

  #openStreams(promise: ReplyPromise): void {
    const { config, counters } = this.#shared;
    if (this.requests.streamCount >= config.streamCountMax) {
      counters.streamsRefused += 1;
      promise.sendError("overloaded");
      return;
    }
    promise.open();
    this.#dispatch(promise);
  }

  /** Count a request that waits for its reply. Whether too many did already. */
  #owesTooMuch(): boolean {
    const { config, counters } = this.#shared;
    const { monitor } = this.channel;
    const isRefused = monitor.owedCount >= config.requestCountMax;
    monitor.owe(1);
    if (isRefused) counters.requestsRefused += 1;
    return isRefused;
  }

  /** Hand a message to the receiver at the token at hand. */
  #dispatch(promise: ReplyPromise): void {
    const { endpoints, counters, token } = this.#shared;
    const receiver = endpoints.find(token);
    if (receiver === undefined) return this.#dispatchOther(promise);
    counters.dispatched += 1;
    receiver.receive(promise);
  }

  /** Nobody listens there. */
  #dispatchOther(promise: ReplyPromise): void {
    const { endpoints, counters, token } = this.#shared;
    if (endpoints.forOthers === undefined) {
      counters.undelivered += 1;
      promise.sendError("endpoint_not_found");
    } else {
      counters.dispatched += 1;
      const { a, b, c, d } = token;
      endpoints.forOthers.receive(new UID(a, b, c, d), promise);
    }
  }
}
