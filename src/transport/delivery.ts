/** Requests of raw bytes, as promises. */
import { checkBytes, emptyBytes } from "../base/bytes.ts";
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

export interface SendRequestOptions extends RequestOptions {
  delivery: Exclude<Delivery, "one_way">;
  /** Gives up once the remote has been unreachable for so many milliseconds without a break. Default: never. */
  failedForMs?: number | undefined;
}

/** A request under way. Disposing of it gives up: `reply` rejects with `cancelled` if it was still waiting. */
export interface ReplyFuture extends Disposable {
  /** The reply's body. Rejects with `ReplyError`. */
  readonly reply: Promise<Uint8Array>;
}

/** Send a request and keep a hand on it. Throws `RangeError` for a bad timeout, `TypeError` for what is no bytes. */
export function sendRequest(
  transport: NetTransport,
  message: { readonly to: Endpoint; readonly body: Uint8Array },
  options: SendRequestOptions,
): ReplyFuture {
  const {
    delivery,
    signal,
    timeoutMs = transport.config.requestTimeoutMs,
  } = options;
  if (timeoutMs !== Infinity) checkPositive("timeoutMs", timeoutMs);
  const { failedForMs } = options;
  if (failedForMs !== undefined) checkPositive("failedForMs", failedForMs);
  const { to, body } = message;
  checkBytes("a request", body);
  const request = new RawRequest(to.token, body, { delivery, timeoutMs });
  const call = transport.start(transport.peer(to.address), request);
  request.watch(call, signal);
  if (failedForMs !== undefined && !call.settled) {
    request.onSettled(
      transport.failureMonitor.onFailedFor(to, failedForMs, () =>
        call.peerFailed(failedForMs),
      ),
    );
  }
  return request;
}

/** A message that nobody answers. */
export class OneWayMessage implements OutgoingRequest {
  readonly token: UID;
  readonly body: Uint8Array;
  readonly delivery = "one_way";
  readonly timeoutMs: number = Infinity;
  readonly extra: Uint8Array = emptyBytes;
  readonly streams: undefined = undefined;
  /** Why it could not be queued. */
  refusal: ReplyError | undefined;

  /** Throws `TypeError` for a body that is not made of bytes. */
  constructor(token: UID, body: Uint8Array) {
    checkBytes("a message", body);
    this.token = token;
    this.body = body;
  }

  replied(): void {
    // Nothing is answered to a one-way message.
  }

  failed(error: ReplyError): void {
    this.refusal = error;
  }
}

/** Keeps the two ends of its promise itself: there is one for each request. */
class RawRequest implements OutgoingRequest, ReplyFuture {
  readonly token: UID;
  readonly body: Uint8Array;
  readonly delivery: Delivery;
  readonly timeoutMs: number;
  readonly extra: Uint8Array = emptyBytes;
  readonly streams: undefined = undefined;
  readonly reply: Promise<Uint8Array>;
  #resolve!: (body: Uint8Array) => void;
  #reject!: (error: ReplyError) => void;
  #call: Call | undefined;
  #unsubscribe: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(
    token: UID,
    body: Uint8Array,
    how: Pick<OutgoingRequest, "delivery" | "timeoutMs">,
  ) {
    this.token = token;
    this.body = body;
    this.delivery = how.delivery;
    this.timeoutMs = how.timeoutMs;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  watch(call: Call, signal: AbortSignal | undefined): void {
    this.#call = call;
    if (signal === undefined || call.settled) return;
    const unsubscribe = onAbort(signal, (reason) => call.cancel(reason));
    this.#unsubscribe = unsubscribe;
  }

  /** Call back once the request has ended. */
  onSettled(callback: () => void): void {
    this.#unwatch = callback;
  }

  replied(body: Uint8Array): void {
    this.#unsubscribe?.();
    this.#unwatch?.();
    this.#resolve(body);
  }

  failed(error: ReplyError): void {
    this.#unsubscribe?.();
    this.#unwatch?.();
    this.#reject(error);
  }

  [Symbol.dispose](): void {
    // Whoever gives up does not wait for the rejection either.
    this.reply.catch(() => undefined);
    this.#call?.cancel(new Error("the future of the reply was disposed of"));
  }
}
