/** The connections that others have made to us, by the machine that they come from. */
import type { Channel } from "./channel.ts";

/** Knows a machine only while it has a connection. */
export class Visitors {
  readonly #counts = new Map<string, number>();

  /** How many connections a machine has now. */
  count(ip: string): number {
    return this.#counts.get(ip) ?? 0;
  }

  /** Count a connection for as long as it lasts. */
  add(channel: Channel): void {
    const { ip } = channel.remoteAddress;
    this.#counts.set(ip, this.count(ip) + 1);
    channel.onClosed(() => this.#left(ip));
  }

  #left(ip: string): void {
    const count = this.count(ip) - 1;
    if (count === 0) this.#counts.delete(ip);
    else this.#counts.set(ip, count);
  }
}
