/** Notices connections that keep us busy with frames of no use. */
import type { NetworkAddress } from "../core/index.ts";
import { flooding } from "./channel-errors.ts";
import type { FloodOf, PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

/** The connection, as far as its guard needs it. */
export interface Guarded {
  readonly arrivedMs: number;
  readonly remoteAddress: NetworkAddress;
  readonly monitor: { readonly requestCount: number };
  showOut(reason: PeerError): void;
}

/** Counts what one connection brings, by the second, and breaks it when that is too much. */
export class FloodGuard {
  /** Frames that we asked for: replies to our calls, and what belongs to their streams. */
  askedCount = 0;
  readonly #shared: Shared;
  readonly #channel: Guarded;
  /** When the present second began. */
  #startMs = -Infinity;
  #pings = 0;
  #useless = 0;
  /** In the whole life of the connection. */
  #strays = 0;

  constructor(shared: Shared, channel: Guarded) {
    this.#shared = shared;
    this.#channel = channel;
  }

  /** A ping came, or an answer to one. */
  ping(): void {
    this.#turn();
    this.#pings += 1;
    const { pingsPerSecondMax } = this.#shared.config;
    if (this.#pings > pingsPerSecondMax)
      this.#flooded("pings", pingsPerSecondMax);
  }

  /** A frame came that nobody can make anything of: late, repeated or made up. */
  useless(): void {
    this.#turn();
    this.#useless += 1;
    const { uselessFramesPerSecondMax } = this.#shared.config;
    if (this.#useless > uselessFramesPerSecondMax)
      this.#flooded("frames for nobody", uselessFramesPerSecondMax);
  }

  /** A reply to nobody came, or a cancellation: late ones come of requests, so there cannot be many more. */
  stray(): void {
    this.#strays += 1;
    const mostMax = 2 * this.#channel.monitor.requestCount + strayMax;
    if (this.#strays > mostMax) this.#flooded("frames for nobody", mostMax);
    else this.useless();
  }

  #turn(): void {
    const { arrivedMs } = this.#channel;
    if (arrivedMs - this.#startMs < windowMs) return;
    this.#startMs = arrivedMs;
    this.#pings = 0;
    this.#useless = 0;
  }

  #flooded(what: FloodOf, countMax: number): void {
    this.#shared.counters.floods += 1;
    const { key } = this.#channel.remoteAddress;
    this.#channel.showOut(flooding(key, what, countMax));
  }
}

const windowMs = 1_000;
/** Replies and cancellations that nobody asks about. */
const strayMax = 1_000;
