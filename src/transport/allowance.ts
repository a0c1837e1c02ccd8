/** How much of what a connection sends is read while others want something, too. */

/** Who is read beside others: the frames of those who send few, lately. */
export class Company {
  #startMs = -Infinity;
  #count = 0;
  /** In the period before. */
  #lastCount = 0;

  /** One who keeps to an allowance has sent so many. */
  note(count: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#count += count;
  }

  /** Whether those who send few send enough to make room for them. */
  isThere(nowMs: number): boolean {
    this.#turn(nowMs);
    return this.#count + this.#lastCount >= companyMin;
  }

  #turn(nowMs: number): void {
    const passedMs = nowMs - this.#startMs;
    if (passedMs < periodMs) return;
    this.#lastCount = passedMs < 2 * periodMs ? this.#count : 0;
    this.#count = 0;
    this.#startMs = nowMs;
  }
}

/**
 * How many frames one connection may bring that nobody here asked for: a bucket that fills as time passes.
 *
 * 1. It binds only in company, which is made by those who keep to theirs. Two who both send much do not slow each other.
 * 2. Whoever has used it up is no company to others until half of it is there again.
 */
export class Allowance {
  readonly #company: Company;
  readonly #framesPerMs: number;
  /** How many there may be at once. */
  readonly #framesMax: number;
  #left: number;
  #atMs = -Infinity;
  #isHeavy = false;

  /** @param framesPerSecond how many the connection may bring in company, for long; `Infinity` for any number. */
  constructor(company: Company, framesPerSecond: number) {
    this.#company = company;
    this.#framesPerMs = framesPerSecond / 1_000;
    this.#framesMax = Math.max(1, this.#framesPerMs * burstMs);
    this.#left = this.#framesMax;
  }

  /** Whether not even one frame is left. */
  get isSpent(): boolean {
    return this.#left < 1;
  }

  /** How many frames may be read now: all, or so many. */
  countMax(nowMs: number): number {
    const passedMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    if (passedMs > 0) {
      const filled = this.#left + passedMs * this.#framesPerMs;
      this.#left = Math.min(this.#framesMax, filled);
    }
    if (this.#left >= this.#framesMax / 2) this.#isHeavy = false;
    return this.#company.isThere(nowMs) ? Math.floor(this.#left) : Infinity;
  }

  /** So many were read then, and so many of them had been asked for. */
  spend(count: number, askedCount: number): void {
    this.#left = Math.max(0, this.#left - (count - askedCount));
    if (this.isSpent) this.#isHeavy = true;
    if (!this.#isHeavy) this.#company.note(count, this.#atMs);
  }
}

// Bench row `rpc.hostile` decided on these, attack by attack: docs/benchmarks.md has the figures.

/** What a connection may bring at once is what it may bring in this time. */
const burstMs = 8;
/**
 * For how long, and up to twice as long, those who sent something are company: their process may get no turn for a while
 * on a busy machine, and must not find us at work for somebody else when it does.
 */
const periodMs = 25;
/** How many frames they must have sent meanwhile: fewer than some 4 000 a second make nobody wait. */
const companyMin = 200;
