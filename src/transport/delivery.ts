/** Sending raw bytes to an endpoint, in each of the ways there are. */
import { deferred } from "../base/deferred.ts";
import { type Endpoint, onAbort, type UID } from "../core/index.ts";
import type { Call, Delivery, OutgoingRequest } from "./call.ts";
import type { NetTransport } from "./net-transport.ts";
import { checkPositive } from "./peer-config.ts";
import type { ReplyError } from "./reply-error.ts";

/** What a caller may say about one request. */
export interface RequestOptions {
  /** Gives up after this many milliseconds; `Infinity` for never. Default: the transport's `requestTimeoutMs`. */
  timeoutMs?: number | undefined;
  /** Gives up when it fires. */
  signal?: AbortSignal | undefined;
}

/** A request under way. Disposing of it gives up: `reply` rejects with `cancelled` if it was still waiting. */
export interface ReplyFuture extends Disposable {
  /** The reply's body. Rejects with `ReplyError`. */
  readonly reply: Promise<Uint8Array>;
}

/** Send once and wait for nothing: it may be lost without a trace. Throws `ReplyError` when it cannot even be queued. */
export function send(transport: NetTransport, to: Endpoint, body: Uint8Array): void {
  const message = new OneWayMessage(to.token, body);
  transport.start(transport.peer(to.address), message);
  if (message.error !== undefined) throw message.error;
}

/**
 * Send at most once, and wait for the reply. Rejects with `ReplyError`; its `details.delivery` tells a request that
 * was `not_sent` from one that `maybe` ran.
 */
export function tryGetReply(
  transport: NetTransport,
  to: Endpoint,
  body: Uint8Array,
  options?: RequestOptions,
): Promise<Uint8Array> {
  return sendRequest(transport, to, body, { ...options, delivery: "at_most_once" }).reply;
}

/** Send at least once: again over every new connection, until the reply, the deadline or the signal. */
export function getReply(
  transport: NetTransport,
  to: Endpoint,
  body: Uint8Array,
  options?: RequestOptions,
): Promise<Uint8Array> {
  return sendRequest(transport, to, body, { ...options, delivery: "at_least_once" }).reply;
}

/** Send a request and keep a hand on it. */
export function sendRequest(
  transport: NetTransport,
  to: Endpoint,
  body: Uint8Array,
  options: RequestOptions & { delivery: Exclude<Delivery, "one_way"> },
): ReplyFuture {
  const timeoutMs = options.timeoutMs ?? transport.config.requestTimeoutMs;
  if (timeoutMs !== Infinity) checkPositive("timeoutMs", timeoutMs);
  const request = new RawRequest(to.token, body, options.delivery, timeoutMs);
  const call = transport.start(transport.peer(to.address), request);
  request.watch(call, options.signal);
  return request;
}

class OneWayMessage implements OutgoingRequest {
  readonly token: UID;
  readonly body: Uint8Array;
  readonly delivery = "one_way";
  readonly timeoutMs = Infinity;
  error: ReplyError | undefined;

  constructor(token: UID, body: Uint8Array) {
    this.token = token;
    this.body = body;
  }

  replied(): void {
    // Nothing is answered to a one-way message.
  }

  failed(error: ReplyError): void {
    this.error = error;
  }
}

class RawRequest implements OutgoingRequest, ReplyFuture {
  readonly token: UID;
  readonly body: Uint8Array;
  readonly delivery: Delivery;
  readonly timeoutMs: number;
  readonly #settled = deferred<Uint8Array>();
  #call: Call | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(token: UID, body: Uint8Array, delivery: Delivery, timeoutMs: number) {
    this.token = token;
    this.body = body;
    this.delivery = delivery;
    this.timeoutMs = timeoutMs;
  }

  get reply(): Promise<Uint8Array> {
    return this.#settled.promise;
  }

  watch(call: Call, signal: AbortSignal | undefined): void {
    this.#call = call;
    if (signal !== undefined && !call.settled) this.#unsubscribe = onAbort(signal, (reason) => call.cancel(reason));
  }

  replied(body: Uint8Array): void {
    this.#unsubscribe?.();
    this.#settled.resolve(body);
  }

  failed(error: ReplyError): void {
    this.#unsubscribe?.();
    this.#settled.reject(error);
  }

  [Symbol.dispose](): void {
    // Whoever gives up does not wait for the rejection either.
    this.#settled.promise.catch(() => undefined);
    this.#call?.cancel(new Error("the future of the reply was disposed of"));
  }
}
