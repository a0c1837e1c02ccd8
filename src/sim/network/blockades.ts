/** Which ways through the network are blocked, until when, and why. */
import type { TimeProvider, Timer } from "../../core/index.ts";
import { named } from "../event.ts";
import { canonicalIpOf } from "../ip.ts";
import type { Blockage, Link } from "./link.ts";

/** Links from one machine to another; an end that is not named stands for every machine. */
export interface Way {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What blockades are raised on: all links, also those that are made later, and time. */
export interface BlockadeGround {
  links(): Iterable<Link>;
  readonly time: TimeProvider;
  /** Told of each way that is open again. */
  onLift(why: Blockage, way: Way): void;
}

interface Blockade {
  readonly way: Way;
  untilMs: number;
  timer: Timer | undefined;
}

/**
 * All blockades of one kind.
 *
 * Invariants
 * 1. A way is blocked at most once: raising it again only makes it last longer.
 * 2. A link is blocked as often as blockades match it. A machine always reaches itself.
 */
export class Blockades {
  readonly #why: Blockage;
  readonly #ground: BlockadeGround;
  readonly #standing = new Map<string, Blockade>();

  constructor(why: Blockage, ground: BlockadeGround) {
    this.#why = why;
    this.#ground = ground;
  }

  /** Block a way, for good or for so long. False when it was blocked already. */
  raise(given: Way, forMs: number = Infinity): boolean {
    const way = canonicalWay(given);
    const key = keyOf(way);
    const standing = this.#standing.get(key);
    if (standing !== undefined) {
      this.#prolong(standing, forMs);
      return false;
    }
    const blockade: Blockade = { way, untilMs: -1, timer: undefined };
    this.#standing.set(key, blockade);
    for (const link of this.#ground.links()) {
      if (matches(way, link)) link.block(this.#why);
    }
    this.#prolong(blockade, forMs);
    return true;
  }

  /** Open a way. False when it was not blocked, which says nothing about others that cross it. */
  lift(given: Way): boolean {
    const way = canonicalWay(given);
    const blockade = this.#standing.get(keyOf(way));
    if (blockade === undefined) return false;
    this.#standing.delete(keyOf(way));
    blockade.timer?.cancel();
    for (const link of this.#ground.links()) {
      if (matches(way, link)) link.open(this.#why);
    }
    this.#ground.onLift(this.#why, way);
    return true;
  }

  liftAll(): void {
    for (const { way } of [...this.#standing.values()]) this.lift(way);
  }

  /** The ways that are blocked, in the order in which they were. */
  get ways(): readonly Way[] {
    return Array.from(this.#standing.values(), ({ way }) => way);
  }

  /** Whether anything blocks the way from one machine to another. */
  isBlocked(from: string, to: string): boolean {
    const ends = canonicalWay({ from, to }) as Link;
    for (const { way } of this.#standing.values()) {
      if (matches(way, ends)) return true;
    }
    return false;
  }

  /** A link was made: what stands already holds for it too. */
  applyTo(link: Link): void {
    for (const { way } of this.#standing.values()) {
      if (matches(way, link)) link.block(this.#why);
    }
  }

  #prolong(blockade: Blockade, forMs: number): void {
    const untilMs = this.#ground.time.now() + forMs;
    if (untilMs <= blockade.untilMs) return;
    blockade.timer?.cancel();
    blockade.untilMs = untilMs;
    const operation = this.#why === "cut" ? "partition_healed" : "clog_cleared";
    const lift = named<void>({ kind: "connection", operation }, () =>
      this.lift(blockade.way),
    );
    blockade.timer =
      forMs === Infinity ? undefined : this.#ground.time.schedule(forMs, lift);
  }
}

function matches(
  way: Way,
  { from, to }: { from: string; to: string },
): boolean {
  if (from === to) return false;
  return (
    (way.from === undefined || way.from === from) &&
    (way.to === undefined || way.to === to)
  );
}

function canonicalWay({ from, to }: Way): Way {
  return {
    from: from === undefined ? undefined : canonicalIpOf(from),
    to: to === undefined ? undefined : canonicalIpOf(to),
  };
}

function keyOf({ from = "*", to = "*" }: Way): string {
  return `${from}>${to}`;
}

/** For reports: which way that is. */
export function directionOf({ from, to }: Way): string {
  if (from !== undefined && to !== undefined) return "one-way";
  return from === undefined ? "receive" : "send";
}

/** For reports: the machines that a way names. */
export function placesOf({ from, to }: Way): string[] {
  return [from, to].filter((place) => place !== undefined);
}
