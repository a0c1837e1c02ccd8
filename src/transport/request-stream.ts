/** Requests as something to iterate over, for those who serve raw bytes. */
import type { Endpoint, UID, WaitOptions } from "../core/index.ts";
import { Arrivals } from "./arrivals.ts";
import type { MessageReceiver } from "./endpoint-map.ts";
import type { NetTransport } from "./net-transport.ts";
import { checkPositive } from "./peer-config.ts";
import type { ReplyPromise } from "./reply-promise.ts";

export interface RequestStreamOptions {
  /** Where to listen. Default: a token of this life of the process, known to those who are told the `endpoint`. */
  token?: UID | undefined;
  /** Requests that may wait to be taken; more are answered with `overloaded`. Default 1 024. */
  queueLengthMax?: number | undefined;
}

/**
 * Requests in the order they arrive, each with the promise to answer it. Dispose of the stream to stop: its token is
 * free again, and the promises of all that was queued are broken.
 */
export class RequestStream
  implements MessageReceiver, Disposable, AsyncIterable<ReplyPromise>
{
  readonly token: UID;
  readonly #transport: NetTransport;
  readonly #arrivals: Arrivals<ReplyPromise>;
  readonly #registration: Disposable;

  constructor(transport: NetTransport, options: RequestStreamOptions = {}) {
    const { token = transport.newToken(), queueLengthMax = 1_024 } = options;
    checkPositive("queueLengthMax", queueLengthMax);
    this.token = token;
    this.#arrivals = new Arrivals(queueLengthMax);
    this.#transport = transport;
    this.#registration = transport.register(token, this);
  }

  /** Where others send to. Throws `TypeError` when the transport does not listen. */
  get endpoint(): Endpoint {
    return this.#transport.endpoint(this.token);
  }

  receive(promise: ReplyPromise): void {
    if (!this.#arrivals.offer(promise)) promise.sendError("overloaded");
  }

  /** The next request; `undefined` once the stream is closed. Rejects with the signal's reason. */
  next(options?: WaitOptions): Promise<ReplyPromise | undefined> {
    return this.#arrivals.next(options);
  }

  /** The next request if there is one. */
  tryNext(): ReplyPromise | undefined {
    return this.#arrivals.tryNext();
  }

  [Symbol.asyncIterator](): AsyncIterator<ReplyPromise> {
    return this.#arrivals[Symbol.asyncIterator]();
  }

  [Symbol.dispose](): void {
    this.#registration[Symbol.dispose]();
    this.#arrivals.close();
    for (
      let promise = this.tryNext();
      promise !== undefined;
      promise = this.tryNext()
    )
      promise[Symbol.dispose]();
  }
}
