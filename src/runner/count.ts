/** How many of something there are in a seed. */
import type { RandomProvider } from "../core/index.ts";
import { SimulationError } from "../sim/index.ts";

/** How many of something: a number, or from–to, both included, drawn for each seed. */
export type Count = number | readonly [from: number, to: number];

/** A fixed number takes no draw. */
export function drawCount(random: RandomProvider, count: Count): number {
  return typeof count === "number"
    ? count
    : random.range(count[0], count[1] + 1);
}

/** The least that it can come to. */
export function leastOf(count: Count): number {
  return typeof count === "number" ? count : count[0];
}

/** Refuse what is no number above 0 and no range of such. */
export function checkCount(
  what: string,
  { option, count }: { option: string; count: Count },
): void {
  if (isCount(count, 1)) return;
  const message = `${what} cannot have ${option} ${JSON.stringify(count)}: a number above 0, or [from, to]`;
  throw new SimulationError("bad_option", message, { option, value: count });
}

/** Whether it is a whole number, `least` or more, or a range of such. */
export function isCount(count: Count, least: number): boolean {
  const [from, to] = typeof count === "number" ? [count, count] : count;
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
  return whole && from >= least && from <= to;
}
