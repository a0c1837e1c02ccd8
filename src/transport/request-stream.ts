/** Requests as something to iterate over, for those who serve raw bytes. */
import { Queue } from "../base/queue.ts";
import type { Endpoint, UID } from "../core/index.ts";
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
  readonly #queueLengthMax: number;
  readonly #queue = new Queue<ReplyPromise>();
  readonly #waiters = new Queue<(promise: ReplyPromise | undefined) => void>();
  readonly #registration: Disposable;
  #closed = false;

  constructor(transport: NetTransport, options: RequestStreamOptions = {}) {
    this.token = options.token ?? transport.newToken();
    this.#queueLengthMax = options.queueLengthMax ?? 1_024;
    checkPositive("queueLengthMax", this.#queueLengthMax);
    this.#transport = transport;
    this.#registration = transport.register(this.token, this);
  }

  /** Where others send to. Throws `TypeError` when the transport does not listen. */
  get endpoint(): Endpoint {
    return this.#transport.endpoint(this.token);
  }

  receive(promise: ReplyPromise): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) waiter(promise);
    else if (this.#queue.size < this.#queueLengthMax) this.#queue.push(promise);
    else promise.sendError("overloaded");
  }

  /** The next request; `undefined` once the stream is closed. */
  next(): Promise<ReplyPromise | undefined> {
    const promise = this.tryNext();
    if (promise !== undefined || this.#closed) return Promise.resolve(promise);
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The next request if there is one. */
  tryNext(): ReplyPromise | undefined {
    return this.#queue.shift();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<ReplyPromise> {
    for (
      let next = await this.next();
      next !== undefined;
      next = await this.next()
    )
      yield next;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#registration[Symbol.dispose]();
    for (const promise of this.#queue) promise[Symbol.dispose]();
    this.#queue.clear();
    for (const waiter of this.#waiters) waiter(undefined);
    this.#waiters.clear();
  }
}
