/** Following a number without its jumps. */

/**
 * An estimate that approaches a number as time goes by: of a sudden change it has taken in about two thirds after one
 * time constant. After FoundationDB's `Smoother` (`flow/Smoother.h`).
 */
export class SmoothedNumber {
  readonly #timeConstantMs: number;
  #number = 0;
  #estimate = 0;
  #atMs = 0;

  constructor(timeConstantMs: number) {
    this.#timeConstantMs = timeConstantMs;
  }

  /** Where the estimate is going. */
  get target(): number {
    return this.#number;
  }

  /** The number changes now. `nowMs` never goes backwards. */
  add(delta: number, nowMs: number): void {
    this.#estimate = this.at(nowMs);
    this.#atMs = nowMs;
    this.#number += delta;
  }

  /** The estimate at that time, which is not before the last change. */
  at(nowMs: number): number {
    const share = remaining((nowMs - this.#atMs) / this.#timeConstantMs);
    return this.#number + (this.#estimate - this.#number) * share;
  }
}

/**
 * What is left of a difference after so many time constants: the eighth power of 1 / (1 + x / 8), which is close to
 * e^-x and, unlike it, the same number on every machine.
 */
function remaining(timeConstants: number): number {
  const root = 1 / (1 + timeConstants / 8);
  const square = root * root;
  const fourth = square * square;
  return fourth * fourth;
}
