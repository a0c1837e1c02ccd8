/** Leaving a server alone that asked for it. */

export interface SuspensionTerms {
  readonly suspendMs: number;
  readonly suspendMsMax: number;
}

/** A pause that doubles each time the server is asked after it and refuses again, until it answers. */
export class Suspension {
  readonly #terms: SuspensionTerms;
  #pauseMs: number;
  #untilMs = 0;

  constructor(terms: SuspensionTerms) {
    this.#terms = terms;
    this.#pauseMs = terms.suspendMs;
  }

  /** How much longer. */
  remainingMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** Refusals of requests that were on their way together are one. */
  refused(nowMs: number): void {
    if (nowMs < this.#untilMs) return;
    this.#untilMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#terms.suspendMsMax);
  }

  answered(): void {
    this.#untilMs = 0;
    this.#pauseMs = this.#terms.suspendMs;
  }
}
