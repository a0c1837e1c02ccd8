/** How many backup requests there may be. */
import type { BackupConfig } from "./balance-config.ts";

/**
 * Bounds backups by the calls that went well without.
 *
 * 1. There are never more than `share` backups for each first answer, and one to begin with.
 * 2. The more of them there are, the longer the next one waits.
 */
export class BackupBudget {
  readonly #config: Readonly<BackupConfig>;
  #saved = 1;
  #factor = 1;
  #firstAnswers = 0;
  #backups = 0;

  constructor(config: Readonly<BackupConfig>) {
    this.#config = config;
  }

  /** Backups that could be sent now, in fractions. */
  get saved(): number {
    return this.#saved;
  }

  /** Calls that the first server answered, and backups, so far. */
  get counts(): { readonly firstAnswers: number; readonly backups: number } {
    return { firstAnswers: this.#firstAnswers, backups: this.#backups };
  }

  /** By how much the expected time is multiplied. */
  get factor(): number {
    return this.#factor;
  }

  /** A call was answered by the first server it asked. */
  earn(): void {
    const { share, savedMax, factorDecline } = this.#config;
    this.#firstAnswers += 1;
    this.#saved = Math.min(this.#saved + share, savedMax);
    this.#factor = Math.max(1, this.#factor - factorDecline);
  }

  /** Whether one more may be sent; if so, it counts as sent. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    this.#backups += 1;
    this.#factor += this.#config.factorGrowth;
    return true;
  }

  /** How long the first server may take before the other is asked: no time at all if it is known to be much slower. */
  delayMs(firstMs: number, otherMs: number): number {
    const patienceMs = this.#factor * otherMs + this.#config.extraDelayMs;
    return firstMs > patienceMs * 2 ? 0 : patienceMs;
  }
}
