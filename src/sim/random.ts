/** Chance in a simulated world: named streams from one seed, one counter over all of them. */
import { seedState } from "../base/hash.ts";
import { Sfc32 } from "../base/sfc32.ts";
import {
  checkBound,
  checkItems,
  checkLength,
  checkProbability,
  checkRange,
  type RandomProvider,
} from "../core/index.ts";
import type { DecisionKind, DecisionLog } from "./decisions.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** From the draw after `count` (counted from the last breakpoint) on, everything follows `seed`. */
export interface Breakpoint {
  readonly count: number;
  readonly seed: number;
}

/**
 * What all streams of a world share: the seed in force, and how many draws were made under it.
 *
 * Every stream is re-derived, at its next draw, from the seed that a breakpoint brought. The draw that crosses a
 * breakpoint is draw 1 of the new segment.
 */
export class Draws {
  seed: number;
  /** Draws since the start or the last breakpoint. */
  count = 0;
  /** How many breakpoints were crossed. A stream that lags behind re-derives itself. */
  epoch = 0;
  /** Crossing this makes `cross` necessary. One comparison a draw is all that a breakpoint costs. */
  target: number = Infinity;
  /** Where draws are recorded, or decided beforehand. Almost never there. */
  decisions: DecisionLog | undefined;
  readonly fingerprint: Fingerprint;
  /** Told of each draw, where two runs are compared. */
  onDraw: ((stream: string, value: number) => void) | undefined;
  readonly #breakpoints: Breakpoint[];

  constructor(
    seed: number,
    fingerprint: Fingerprint,
    breakpoints: readonly Breakpoint[] = [],
  ) {
    this.seed = seed;
    this.fingerprint = fingerprint;
    this.#breakpoints = [...breakpoints];
    this.target = this.#breakpoints[0]?.count ?? Infinity;
  }

  /** Whether a breakpoint still lies ahead. */
  get steered(): boolean {
    return this.target !== Infinity;
  }

  cross(): void {
    while (this.count > this.target) {
      const crossed = this.#breakpoints.shift() as Breakpoint;
      this.seed = crossed.seed;
      this.count = 1;
      this.epoch += 1;
      this.target = this.#breakpoints[0]?.count ?? Infinity;
    }
  }
}

const ratioUnit = 1 / 0x20_0000_0000_0000;
const uint32Range = [0, 0x1_0000_0000] as const;
const ratioRange = [0, 1] as const;
const boolRange = [0, 2] as const;

/**
 * One named stream. A new draw here does not change what any other stream yields, so a seed keeps its meaning when
 * code changes elsewhere. Each call counts as one draw, however many words it takes.
 */
export class SimRandomProvider implements RandomProvider {
  readonly name: string;
  readonly #draws: Draws;
  readonly #generator = new Sfc32();
  #epoch = -1;

  constructor(draws: Draws, name: string) {
    this.#draws = draws;
    this.name = name;
  }

  uint32(): number {
    return this.#decided("uint32", uint32Range, this.#word());
  }

  ratio(): number {
    return this.#decided("ratio", ratioRange, this.#real());
  }

  below(bound: number): number {
    checkBound(bound);
    const value = Math.floor(this.#real() * bound);
    if (this.#draws.decisions === undefined) return value;
    return this.#decided("below", [0, bound], value);
  }

  range(start: number, end: number): number {
    checkRange(start, end);
    const value = start + Math.floor(this.#real() * (end - start));
    if (this.#draws.decisions === undefined) return value;
    return this.#decided("range", [start, end], value);
  }

  bool(probability = 0.5): boolean {
    checkProbability(probability);
    const value = this.#real() < probability;
    if (this.#draws.decisions === undefined) return value;
    return this.#decided("bool", boolRange, Number(value)) === 1;
  }

  pick<T>(items: readonly T[]): T {
    checkItems(items);
    const place = Math.floor(this.#real() * items.length);
    if (this.#draws.decisions === undefined) return items[place] as T;
    return items[this.#decided("pick", [0, items.length], place)] as T;
  }

  bytes(length: number): Uint8Array {
    checkLength(length);
    const bytes = new Uint8Array(length);
    if (length === 0) return bytes;
    let word = this.#word();
    for (let index = 0; index < length; index += 1) {
      bytes[index] = word;
      word = index % 4 === 3 ? this.#generator.next() : word >>> 8;
    }
    this.#draws.decisions?.bytes(this.name, bytes);
    return bytes;
  }

  /** One draw: counted, and in the fingerprint. */
  #word(): number {
    const draws = this.#draws;
    draws.count += 1;
    if (draws.count > draws.target) draws.cross();
    if (this.#epoch !== draws.epoch) this.#derive();
    const value = this.#generator.next();
    draws.fingerprint.word(value);
    if (draws.onDraw !== undefined) draws.onDraw(this.name, value);
    return value;
  }

  #real(): number {
    const high = this.#word() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 0x400_0000 + low) * ratioUnit;
  }

  /** What it is in the end: what was drawn, unless somebody decides otherwise. */
  #decided(
    kind: DecisionKind,
    range: readonly [from: number, to: number],
    drawn: number,
  ): number {
    const { decisions, fingerprint } = this.#draws;
    if (decisions === undefined) return drawn;
    const value = decisions.number({ stream: this.name, kind, range, drawn });
    if (value === drawn) return drawn;
    const whole = Math.floor(value);
    fingerprint.integer(whole);
    fingerprint.integer((value - whole) / ratioUnit);
    return value;
  }

  #derive(): void {
    const state = new Uint32Array(4);
    seedState(this.#draws.seed, this.name, state);
    this.#generator.seed(state);
    this.#epoch = this.#draws.epoch;
  }
}
