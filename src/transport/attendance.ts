/** Who waits at a connection, and for how long it is kept when nobody does. */
import type { PeerConfig } from "./peer-config.ts";

/** Counts those who wait on either side. All of it is a few words, for there is one at each connection. */
export class Attendance {
  /** Another connection to the same remote is used instead. */
  isRetired = false;
  /** Somebody wants to know of it when the other side goes away. */
  isWatched = false;
  /** Requests of ours that wait for a reply to come this way. */
  awaitedCount = 0;
  /** Requests of the other side that wait for a reply of ours. */
  owedCount = 0;
  /** Requests that went this way so far, ours and theirs. */
  requestCount = 0;
  readonly #role: "dialed" | "accepted";
  readonly #config: Readonly<PeerConfig>;

  constructor(role: "dialed" | "accepted", config: Readonly<PeerConfig>) {
    this.#role = role;
    this.#config = config;
  }

  get isEmpty(): boolean {
    return this.awaitedCount === 0 && this.owedCount === 0 && !this.isWatched;
  }

  /** Whoever made a connection closes it, lest a request meets the end on its way; the other side waits longer. */
  get idleTimeoutMs(): number {
    const { idleTimeoutMs, retiredTimeoutMs } = this.#config;
    if (this.#role === "accepted") return 2 * idleTimeoutMs;
    return this.isRetired ? retiredTimeoutMs : idleTimeoutMs;
  }
}
