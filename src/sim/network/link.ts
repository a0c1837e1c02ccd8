/** One direction between two machines: how long packets take, and whether they get through. */
import type { Action } from "../event-queue.ts";
import type { Engine } from "../engine.ts";
import { EventKind, type Owner } from "../owner.ts";
import type { SimRandomProvider } from "../random.ts";
import { toMicros } from "../time.ts";
import type { MsRange } from "./network-config.ts";

/** The addresses of two machines. */
export interface LinkEnds {
  readonly from: string;
  readonly to: string;
}

interface HeldPacket {
  readonly owner: Owner;
  readonly action: Action<unknown>;
  readonly argument: unknown;
}

/**
 * A link never loses and never tears: while it is blocked it holds what arrives, and when it is opened that travels
 * on. Breaking connections whose bytes are held for too long is up to the connections.
 */
export class Link {
  readonly from: string;
  readonly to: string;
  readonly #engine: Engine;
  readonly #random: SimRandomProvider;
  readonly #latencyMicros: number;
  readonly #latencySpanMicros: number;
  #blocks = 0;
  #held: HeldPacket[] = [];

  constructor(engine: Engine, ends: LinkEnds, latencyMs: MsRange) {
    this.from = ends.from;
    this.to = ends.to;
    this.#engine = engine;
    this.#random = engine.stream(`link ${ends.from}>${ends.to}`);
    this.#latencyMicros = toMicros(latencyMs[0]);
    this.#latencySpanMicros = toMicros(latencyMs[1]) - this.#latencyMicros + 1;
  }

  get blocked(): boolean {
    return this.#blocks > 0;
  }

  /**
   * Let a packet arrive after this link's latency, not before `notBeforeMicros`. `action` must begin by asking
   * `blocked` and `hold` the packet if so. Returns the time of arrival.
   */
  carry<T>(owner: Owner, action: Action<T>, argument: T, notBeforeMicros = 0): number {
    const now = this.#engine.nowMicros;
    const sampled = now + this.#latencyMicros + Math.floor(this.#random.ratio() * this.#latencySpanMicros);
    const arrival = sampled > notBeforeMicros ? sampled : notBeforeMicros;
    this.#engine.schedule(arrival - now, owner, EventKind.network, action, argument);
    return arrival;
  }

  /** Keep a packet that arrived at a blocked link until it opens. */
  hold<T>(owner: Owner, action: Action<T>, argument: T): void {
    this.#held.push({ owner, action: action as Action<unknown>, argument });
  }

  /** Block it once more; as many times it must be opened. */
  block(): void {
    this.#blocks += 1;
  }

  /** Undo one block. What was held travels on when none is left, in its old order. */
  open(): void {
    if (this.#blocks === 0) return;
    this.#blocks -= 1;
    if (this.#blocks > 0) return;
    const released = this.#held;
    this.#held = [];
    let arrival = 0;
    for (const { owner, action, argument } of released) {
      if (owner.alive) arrival = this.carry(owner, action, argument, arrival);
    }
  }

  /** Forget what was held for somebody who died. */
  forget(owner: Owner): void {
    if (this.#held.length > 0) this.#held = this.#held.filter((packet) => packet.owner !== owner);
  }
}
