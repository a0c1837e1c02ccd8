/** The receiving half of a stream. */
import { ByteArena } from "../../base/byte-arena.ts";
import { Queue } from "../../base/queue.ts";
import type { Token } from "../../wire/index.ts";
import type { Channel } from "../channel.ts";
import { badMessage, type Way } from "../envelope.ts";
import { creditFrame } from "./stream-frame.ts";
import { costOf, FIRST_WINDOW_BYTES } from "./window.ts";

type InputState =
  | { readonly kind: "open" }
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly reason: Error };

interface Waiter {
  resolve(body: Uint8Array | undefined): void;
  reject(reason: Error): void;
}

/**
 * Keeps the items of one stream until they are read.
 *
 * 1. It holds no more than its window and one item: a sender that does not wait for credit is cut off.
 * 2. Credit is given when half of the window has been read, so a sender with a fast reader never waits.
 * 3. What is read is a prefix of what was sent, in order; then the end, or the failure, once.
 * 4. Whoever waits is served in the order of asking, and nobody waits when it is over.
 */
export class StreamInput {
  readonly #window: number;
  /** The way that credit goes. */
  readonly #way: Way;
  readonly #queue = new Queue<Uint8Array>();
  readonly #arena = new ByteArena();
  /** Those who wait for an item: then none is queued. */
  readonly #waiters = new Queue<Waiter>();
  #state: InputState = { kind: "open" };
  #road: { readonly channel: Channel; readonly token: Token } | undefined;
  /** Bytes that the sender has used of the window. */
  #used = 0;
  /** Of those, the bytes that were read: the next credit. */
  #read = 0;

  constructor(way: Way, windowBytes: number) {
    this.#way = way;
    this.#window = windowBytes;
  }

  /** Bytes that wait to be read, and those that were read and not yet credited. */
  get heldBytes(): number {
    return this.#used;
  }

  /** Credit goes this way from now on. */
  open(channel: Channel, token: Token): void {
    this.#road = { channel, token };
    if (this.#window > FIRST_WINDOW_BYTES)
      this.#credit(this.#window - FIRST_WINDOW_BYTES);
  }

  /** An item came. Throws `WireError` when it should not have: there was no window left for it. */
  push(body: Uint8Array): void {
    if (this.#state.kind !== "open")
      throw badMessage("an item after the end of its stream");
    if (this.#used >= this.#window)
      throw badMessage("an item beyond the window of its stream");
    this.#used += costOf(body);
    const waiter = this.#waiters.shift();
    if (waiter === undefined) {
      // A view would keep all of the chunk that it came in.
      this.#queue.push(this.#arena.copyOf(body));
    } else {
      this.#consumed(body);
      waiter.resolve(body);
    }
  }

  /** The next item if it is here already: then it need not be waited for. */
  take(): Uint8Array | undefined {
    const body = this.#queue.shift();
    if (body !== undefined) this.#consumed(body);
    return body;
  }

  /**
   * The next item; `undefined` at the end. Whoever asks while others wait is served after them: of those, a failure
   * rejects the first, and is the end for the rest.
   */
  next(): Promise<Uint8Array | undefined> {
    const body = this.take();
    if (body !== undefined) return Promise.resolve(body);
    if (this.#state.kind === "ended") return Promise.resolve(undefined);
    if (this.#state.kind === "failed")
      return Promise.reject(this.#state.reason);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  /** The stream is complete. What was not read can still be. */
  end(): void {
    if (this.#state.kind !== "open") return;
    this.#state = { kind: "ended" };
    this.#road = undefined;
    this.dismiss();
  }

  /**
   * The stream broke. What was not read can still be, unless it is to be dropped: then not even a stream that was
   * complete ends well, because its reader would take the part for the whole.
   */
  fail(reason: Error, keep: "keep" | "drop"): void {
    const isCut = keep === "drop" && this.#queue.size > 0;
    if (keep === "drop") this.#queue.clear();
    if (this.#state.kind === "failed") return;
    if (this.#state.kind === "ended" && !isCut) return;
    this.#state = { kind: "failed", reason };
    this.#road = undefined;
    this.#waiters.shift()?.reject(reason);
    this.dismiss();
  }

  /** Nobody wants what comes next: whoever waits for it is told of the end. */
  dismiss(): void {
    let waiter: Waiter | undefined;
    while ((waiter = this.#waiters.shift()) !== undefined)
      waiter.resolve(undefined);
  }

  #consumed(body: Uint8Array): void {
    this.#read += costOf(body);
    if (this.#read * 2 < this.#window || this.#road === undefined) return;
    this.#used -= this.#read;
    this.#credit(this.#read);
    this.#read = 0;
  }

  #credit(bytes: number): void {
    const { channel, token } = this.#road!;
    channel.send(creditFrame(token, this.#way, bytes));
  }
}
