/** Our own mistakes: a condition that only a bug in Wavetank can break. */

/**
 * Throw when `condition` does not hold. Never caught: it means that Wavetank itself is wrong.
 * Properties of the program under test use `assertAlways` and its kin instead, which record and never throw.
 */
export function invariant(
  condition: unknown,
  message: string,
): asserts condition {
  if (!condition)
    throw new Error(`wavetank is broken, please report: ${message}`);
}
