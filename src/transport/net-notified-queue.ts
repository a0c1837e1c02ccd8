/** Messages of one type, kept until somebody takes them. */
import type { Endpoint, UID, WaitOptions } from "../core/index.ts";
import { emptyBytes } from "../base/bytes.ts";
import { Arrivals } from "./arrivals.ts";
import type { MessageReceiver } from "./endpoint-map.ts";
import type { NetTransport } from "./net-transport.ts";
import { checkPositive } from "./peer-config.ts";
import type { ReplyPromise } from "./reply-promise.ts";

export interface NetNotifiedQueueOptions<T> {
  /** Makes a value of the bytes of a message. What it throws is the sender's mistake, and is answered as such. */
  decode(bytes: Uint8Array): T;
  /** Where to listen. Default: a token of this life of the process, known to those who are told the `endpoint`. */
  token?: UID | undefined;
  /** Values that may wait to be taken; more are refused with `overloaded`. Default 1 024. */
  queueLengthMax?: number | undefined;
}

/** A value, and the message that it came in. */
interface Arrived<T> {
  readonly value: T;
  readonly message: ReplyPromise;
}

/**
 * Values that arrive at one endpoint, decoded, in order, for whoever takes them.
 *
 * 1. Whoever asks for a reply is given an empty one when his value is taken, and hears of a broken promise if it never
 *    will be.
 * 2. What cannot be decoded is refused with `serialization` and counted; the queue goes on.
 * 3. `close()` frees the token: nothing more comes, and what has come can still be taken. Disposing of the queue gives
 *    that up as well.
 */
export class NetNotifiedQueue<T>
  implements MessageReceiver, Disposable, AsyncIterable<T>
{
  readonly token: UID;
  readonly #transport: NetTransport;
  readonly #decode: (bytes: Uint8Array) => T;
  readonly #arrivals: Arrivals<Arrived<T>>;
  readonly #registration: Disposable;
  #undecodedCount = 0;

  constructor(transport: NetTransport, options: NetNotifiedQueueOptions<T>) {
    const { token = transport.newToken(), queueLengthMax = 1_024 } = options;
    checkPositive("queueLengthMax", queueLengthMax);
    this.token = token;
    this.#decode = (bytes) => options.decode(bytes);
    this.#arrivals = new Arrivals(queueLengthMax);
    this.#transport = transport;
    this.#registration = transport.register(token, this);
  }

  /** Where others send to. Throws `TypeError` when the transport does not listen. */
  get endpoint(): Endpoint {
    return this.#transport.endpoint(this.token);
  }

  /** How many values wait. */
  get size(): number {
    return this.#arrivals.size;
  }

  /** How many messages were no value. */
  get undecodedCount(): number {
    return this.#undecodedCount;
  }

  receive(message: ReplyPromise): void {
    const arrived = this.#decoded(message);
    if (arrived === undefined) message.sendError("serialization");
    else if (!this.#arrivals.offer(arrived)) message.sendError("overloaded");
  }

  /** The next value; `undefined` once the queue is closed and empty. Rejects with the signal's reason. */
  async next(options?: WaitOptions): Promise<T | undefined> {
    return taken(await this.#arrivals.next(options));
  }

  /** The next value if there is one. */
  tryNext(): T | undefined {
    return taken(this.#arrivals.tryNext());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for await (const arrived of this.#arrivals) yield taken(arrived);
  }

  /** Take no more messages. */
  close(): void {
    this.#registration[Symbol.dispose]();
    this.#arrivals.close();
  }

  /** Close, and drop what waits. */
  [Symbol.dispose](): void {
    this.close();
    for (
      let arrived = this.#arrivals.tryNext();
      arrived !== undefined;
      arrived = this.#arrivals.tryNext()
    )
      arrived.message[Symbol.dispose]();
  }

  #decoded(message: ReplyPromise): Arrived<T> | undefined {
    try {
      return { value: this.#decode(message.request), message };
    } catch {
      // Whatever it is, the sender is told; it would be of no use to anybody here.
      this.#undecodedCount += 1;
      return undefined;
    }
  }
}

function taken<T>(arrived: Arrived<T>): T;
function taken<T>(arrived: Arrived<T> | undefined): T | undefined;
function taken<T>(arrived: Arrived<T> | undefined): T | undefined {
  arrived?.message.send(emptyBytes);
  return arrived?.value;
}
