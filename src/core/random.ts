/** Chance. In simulation every draw comes from the seed; in production from the operating system. */

export interface RandomProvider {
  /** 32 random bits, as an unsigned integer. */
  uint32(): number;
  /** A number in [0, 1). */
  ratio(): number;
  /** An integer in [0, bound). */
  below(bound: number): number;
  /** An integer in [start, end). */
  range(start: number, end: number): number;
  /** True with the given probability; by default a fair coin. */
  bool(probability?: number): boolean;
  /** One of the items, each as likely as the others. */
  pick<T>(items: readonly T[]): T;
  /** That many random bytes. */
  bytes(length: number): Uint8Array;
}

export function checkBound(bound: number): void {
  if (Number.isSafeInteger(bound) && bound > 0) return;
  throw new RangeError(
    `the bound of a random integer must be a whole number above 0, not ${bound}`,
  );
}

export function checkRange(start: number, end: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start < end)
    return;
  throw new RangeError(
    `a random range needs whole numbers, the first below the second, not ${start} and ${end}`,
  );
}

export function checkProbability(probability: number): void {
  if (probability >= 0 && probability <= 1) return;
  throw new RangeError(
    `a probability lies between 0 and 1, not at ${probability}`,
  );
}

export function checkLength(length: number): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new RangeError(
    `the number of random bytes must be a whole number, 0 or more, not ${length}`,
  );
}

export function checkItems(items: readonly unknown[]): void {
  if (items.length > 0) return;
  throw new RangeError("cannot pick from an empty list");
}
