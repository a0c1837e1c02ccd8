/** Faults on simulated time: when the next one is due is drawn in advance, so that hot paths only compare. */
import type { RandomProvider } from "../../core/index.ts";
import { toMicros } from "../time.ts";
import { exponential, sampleDuration, type MsRange } from "./latency.ts";

export interface MayStrike {
  /** Whether one is due. If so it has struck, and the next is drawn. */
  due(nowMicros: number): boolean;
}

export interface MayGoOn {
  /** Whether it goes on at this moment. */
  active(nowMicros: number): boolean;
}

export const neverStrikes: MayStrike = Object.freeze({ due: () => false });
export const neverGoesOn: MayGoOn = Object.freeze({ active: () => false });

/** Something that strikes whoever comes by first after each of many drawn moments. */
export class Strikes implements MayStrike {
  readonly #random: RandomProvider;
  readonly #everyMs: number;
  #nextMicros: number;

  /** @param everyMs how far apart on average; 0 for never, and then nothing is drawn. */
  constructor(random: RandomProvider, everyMs: number, nowMicros: number) {
    this.#random = random;
    this.#everyMs = everyMs;
    this.#nextMicros = Infinity;
    if (everyMs > 0) this.#drawNext(nowMicros);
  }

  due(nowMicros: number): boolean {
    if (nowMicros < this.#nextMicros) return false;
    this.#drawNext(nowMicros);
    return true;
  }

  #drawNext(nowMicros: number): void {
    const pauseMs = exponential(this.#random, this.#everyMs);
    this.#nextMicros = nowMicros + toMicros(pauseMs);
  }
}

export interface EpisodeParts {
  readonly random: RandomProvider;
  readonly strikes: Strikes;
  readonly forMs: MsRange;
  readonly onBegin: () => void;
}

/** Something that goes on for a while after each of many drawn moments. */
export class Episodes implements MayGoOn {
  readonly #strikes: Strikes;
  readonly #random: RandomProvider;
  readonly #forMs: MsRange;
  readonly #onBegin: () => void;
  #untilMicros = 0;

  constructor(parts: EpisodeParts) {
    this.#random = parts.random;
    this.#strikes = parts.strikes;
    this.#forMs = parts.forMs;
    this.#onBegin = parts.onBegin;
  }

  /** When it ends, if it goes on. */
  get endsAtMicros(): number {
    return this.#untilMicros;
  }

  active(nowMicros: number): boolean {
    if (nowMicros < this.#untilMicros) return true;
    if (!this.#strikes.due(nowMicros)) return false;
    this.#onBegin();
    const forMs = sampleDuration(this.#random, this.#forMs);
    this.#untilMicros = nowMicros + toMicros(forMs);
    return true;
  }
}
