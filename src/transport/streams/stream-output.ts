/** The sending half of a stream. */
import { checkBytes } from "../../base/bytes.ts";
import type { Token } from "../../wire/index.ts";
import type { Channel } from "../channel.ts";
import { badMessage, ITEM_HEAD_SIZE, type Way } from "../envelope.ts";
import { endFrame, itemFrame } from "./stream-frame.ts";
import { costOf, CREDIT_MAX, FIRST_WINDOW_BYTES } from "./window.ts";

type OutputState =
  | { readonly kind: "waiting" }
  | { readonly kind: "open"; readonly channel: Channel; readonly token: Token }
  | { readonly kind: "over" };

/**
 * Sends the items of one stream, no faster than its reader takes them.
 *
 * 1. An item may go while any of the window is left, however large it is: the window is exceeded by one item at most,
 *    and an item larger than the window is no deadlock.
 * 2. Items leave in order, over one connection. With that, or with the reply, the stream is over: nothing more leaves.
 */
export class StreamOutput {
  readonly #way: Way;
  #window = FIRST_WINDOW_BYTES;
  #state: OutputState = { kind: "waiting" };
  #wake: (() => void) | undefined;
  #onOver: (() => void) | undefined;

  constructor(way: Way) {
    this.#way = way;
  }

  /** Whether an item may be sent now. */
  get hasRoom(): boolean {
    return this.#window > 0 && this.#state.kind === "open";
  }

  /** Whether nothing can be sent any more. */
  get isOver(): boolean {
    return this.#state.kind === "over";
  }

  /** The largest item that the other side takes, in bytes. */
  get itemSizeMax(): number {
    return this.#state.kind === "open"
      ? this.#state.channel.payloadSizeMax - ITEM_HEAD_SIZE
      : Infinity;
  }

  /** Resolves when there is room, or when it is over. For one waiter. */
  whenRoom(): Promise<void> {
    if (this.hasRoom || this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Call back when it is over; at once if it is. One listener only. */
  onOver(callback: () => void): void {
    if (this.isOver) callback();
    else this.#onOver = callback;
  }

  /** Send an item. Dropped when it is over. Wait for room first: whoever does not is cut off by the other side. */
  send(body: Uint8Array): void {
    if (this.#state.kind !== "open") return;
    const { channel, token } = this.#state;
    checkBytes("an item", body);
    this.#window -= costOf(body);
    channel.send(itemFrame(token, this.#way, body));
  }

  /** The stream is complete. Only callers say so; the other side answers instead. */
  end(): void {
    if (this.#state.kind !== "open") return;
    const { channel, token } = this.#state;
    this.stop();
    channel.send(endFrame(token));
  }

  /** Items go this way from now on. */
  open(channel: Channel, token: Token): void {
    if (this.#state.kind !== "waiting") return;
    this.#state = { kind: "open", channel, token };
    if (this.hasRoom) this.#tell();
  }

  /** The reader has taken so many bytes. Throws `WireError` when that cannot be. */
  credit(bytes: number): void {
    if (bytes <= 0 || bytes > CREDIT_MAX || this.#window + bytes > CREDIT_MAX)
      throw badMessage(`${bytes} bytes are no credit`);
    this.#window += bytes;
    if (this.hasRoom) this.#tell();
  }

  /** It is over. Harmless when it is already. */
  stop(): void {
    if (this.isOver) return;
    this.#state = { kind: "over" };
    this.#tell();
    this.#onOver?.();
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
