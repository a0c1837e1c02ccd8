/** Numbers of a program that simulations may turn: limits, sizes and delays that nobody tests at other values. */
import { assertionListener, type KnobRange } from "./table.ts";

/**
 * The default in production, and in simulations where the knob is not turned. A simulation throws one coin for each
 * knob and seed; if it is turned, its value is drawn from the range, and stays the same for the whole seed.
 *
 * A knob is known by its name, so that a seed keeps its meaning when lines move. What was turned is printed with a
 * failure. Throws a `RangeError` for a range that is none.
 */
export function buggifyKnob(
  name: string,
  usual: number,
  range: KnobRange,
): number {
  const [from, to] = range;
  if (!(Number.isFinite(from) && from <= to && Number.isFinite(to)))
    throw new RangeError(
      `knob "${name}" needs a range of finite numbers, the lesser first, not ${from} and ${to}`,
    );
  return assertionListener()?.knob(name, range) ?? usual;
}
