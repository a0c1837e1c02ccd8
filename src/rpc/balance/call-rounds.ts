/** How often a call has asked all servers in vain. */
import type { BalanceConfig } from "./balance-config.ts";

/** Counts rounds, and says how long to pause after each. */
export class CallRounds {
  readonly #config: Readonly<BalanceConfig>;
  #pauseMs: number;
  #refusedCount = 0;
  #wasRefused = false;

  constructor(config: Readonly<BalanceConfig>) {
    this.#config = config;
    this.#pauseMs = config.roundDelayMs;
  }

  /** A server said to ask elsewhere. */
  refused(): void {
    this.#wasRefused = true;
  }

  /** A round is over. Answers with the pause before the next, or `undefined` when there should be none. */
  next(): number | undefined {
    if (this.#wasRefused) this.#refusedCount += 1;
    this.#wasRefused = false;
    const { refusedRoundsMax, roundDelayMsMax } = this.#config;
    if (this.#refusedCount >= refusedRoundsMax) return undefined;
    const pauseMs = Math.min(this.#pauseMs, roundDelayMsMax);
    this.#pauseMs = pauseMs * 2;
    return pauseMs;
  }
}
