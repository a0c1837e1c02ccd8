/** One direction between two machines: how long packets take, whether they get through, and what befalls them. */
import type { Action } from "../event-queue.ts";
import type { Engine } from "../engine.ts";
import type { FaultLog } from "../fault-log.ts";
import { EventKind, type Owner } from "../owner.ts";
import type { SimRandomProvider } from "../random.ts";
import { toMicros } from "../time.ts";
import type { ChaosConfiguration } from "./chaos-config.ts";
import { sampleDuration, type MsRange } from "./latency.ts";
import type { LinkPace } from "./paces.ts";
import {
  Episodes,
  neverGoesOn,
  neverStrikes,
  Strikes,
  type MayGoOn,
  type MayStrike,
} from "./strikes.ts";

/** The addresses of two machines. */
export interface LinkEnds {
  readonly from: string;
  readonly to: string;
}

/** Why a link is blocked. A cut breaks connections that it holds for too long; a clog only delays. */
export type Blockage = "cut" | "clog";

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
  // What every packet needs comes first, side by side (bench row `sim.scale`).
  /** Whether chance may harm bytes here at all. */
  mayHarm = false;
  #blocked = false;
  readonly #engine: Engine;
  readonly #random: SimRandomProvider;
  #pace!: LinkPace;
  /** When the last byte that is being sent has left. */
  #freeAtMicros = 0;
  readonly from: string;
  readonly to: string;
  /** Chance for what befalls packets here. */
  readonly chance: SimRandomProvider;
  bitFlips: MayStrike = neverStrikes;
  shortWrites: MayGoOn = neverGoesOn;
  shortReads: MayGoOn = neverGoesOn;
  /** When the last datagram arrives that keeps to the order. */
  lastDatagramMicros = 0;
  readonly #faults: FaultLog;
  readonly #blocks: Record<Blockage, number> = { cut: 0, clog: 0 };
  #held: HeldPacket[] = [];

  constructor(engine: Engine, ends: LinkEnds, faults: FaultLog) {
    this.from = ends.from;
    this.to = ends.to;
    this.#engine = engine;
    this.#faults = faults;
    const name = `${ends.from}>${ends.to}`;
    this.#random = engine.stream(`link ${name}`);
    this.chance = engine.stream(`faults ${name}`);
  }

  /** From now on, what the configuration says strikes packets here. A machine's way to itself is spared. */
  storm(config: Readonly<ChaosConfiguration>): void {
    this.calm();
    if (this.from === this.to) return;
    const { bitFlipEveryMs, partialWriteEveryMs, partialReadEveryMs } = config;
    if (bitFlipEveryMs > 0) this.bitFlips = this.#strikes(bitFlipEveryMs);
    const { partialForMs } = config;
    if (partialWriteEveryMs > 0)
      this.shortWrites = this.#episodes("partial writes", {
        everyMs: partialWriteEveryMs,
        forMs: partialForMs,
      });
    if (partialReadEveryMs > 0)
      this.shortReads = this.#episodes("partial reads", {
        everyMs: partialReadEveryMs,
        forMs: partialForMs,
      });
    this.mayHarm =
      bitFlipEveryMs + partialWriteEveryMs + partialReadEveryMs > 0;
  }

  /** How fast it is from now on. What is under way arrives as it would have. */
  setPace(pace: LinkPace): void {
    this.#pace = pace;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Whether what is held is as good as lost to its sender. */
  get severed(): boolean {
    return this.#blocks.cut > 0;
  }

  /** So many bytes are about to be sent: they, and what follows, leave once those before them have. */
  load(bytes: number): void {
    const { microsPerByte } = this.#pace;
    if (microsPerByte === 0) return;
    const from = Math.max(this.#freeAtMicros, this.#engine.nowMicros);
    this.#freeAtMicros = from + Math.ceil(bytes * microsPerByte);
  }

  /**
   * Let a packet arrive after this link's latency, not before `notBeforeMicros`. `action` must begin by asking
   * `blocked` and `hold` the packet if so. Returns the time of arrival.
   */
  carry<T>(
    owner: Owner,
    action: Action<T>,
    argument: T,
    notBeforeMicros = 0,
  ): number {
    const now = this.#engine.nowMicros;
    const leaves = this.#freeAtMicros > now ? this.#freeAtMicros : now;
    const { latencyMicros, spanMicros: span } = this.#pace;
    const sampled =
      leaves +
      latencyMicros +
      (span > 0 ? Math.floor(this.#random.ratio() * span) : this.#shaped());
    const arrival = sampled > notBeforeMicros ? sampled : notBeforeMicros;
    this.#engine.schedule(
      arrival - now,
      owner,
      EventKind.network,
      action,
      argument,
    );
    return arrival;
  }

  /** Keep a packet that arrived at a blocked link until it opens. */
  hold<T>(owner: Owner, action: Action<T>, argument: T): void {
    this.#held.push({ owner, action: action as Action<unknown>, argument });
  }

  /** Block it once more; as many times it must be opened. */
  block(why: Blockage): void {
    this.#blocks[why] += 1;
    this.#blocked = true;
    // What a clog holds must hear of a cut as if it arrived now, or nobody would ever give it up.
    if (why === "cut" && this.#blocks.cut === 1) this.#release();
  }

  /** Undo one block. What was held travels on when none is left, in its old order. */
  open(why: Blockage): void {
    if (this.#blocks[why] === 0) return;
    this.#blocks[why] -= 1;
    this.#blocked = this.#blocks.cut + this.#blocks.clog > 0;
    if (!this.#blocked) this.#release();
  }

  /** Forget what was held for somebody who died. */
  forget(owner: Owner): void {
    if (this.#held.length > 0)
      this.#held = this.#held.filter((packet) => packet.owner !== owner);
  }

  /** Nothing befalls packets by chance any more. */
  calm(): void {
    this.mayHarm = false;
    this.bitFlips = neverStrikes;
    this.shortWrites = neverGoesOn;
    this.shortReads = neverGoesOn;
  }

  #strikes(everyMs: number): Strikes {
    return new Strikes(this.chance, everyMs, this.#engine.nowMicros);
  }

  #episodes(
    fault: string,
    { everyMs, forMs }: { everyMs: number; forMs: MsRange },
  ): Episodes {
    return new Episodes({
      random: this.chance,
      strikes: this.#strikes(everyMs),
      forMs,
      onBegin: () => this.#faults.count(fault, this.from, this.to),
    });
  }

  #release(): void {
    const released = this.#held;
    this.#held = [];
    let arrival = 0;
    for (const { owner, action, argument } of released) {
      if (owner.alive) arrival = this.carry(owner, action, argument, arrival);
    }
  }

  #shaped(): number {
    return toMicros(sampleDuration(this.#random, this.#pace.latency));
  }
}
