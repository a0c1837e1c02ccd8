/** Rounds: every figure is the median of several, and what is compared takes turns, so that noise meets all alike. */
import { median } from "./row.ts";

/** How many rounds a figure is the median of, at least. */
export const roundsMin = 5;

/** Measure every contestant once a round, in turn, and answer the median of each. */
export async function medians<Name extends string>(
  contestants: Readonly<Record<Name, () => number | Promise<number>>>,
  rounds: number = roundsMin,
): Promise<Record<Name, number>> {
  const names = Object.keys(contestants) as Name[];
  const values = Object.fromEntries(
    names.map((name) => [name, [] as number[]]),
  ) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) values[name].push(await contestants[name]());
  }
  return Object.fromEntries(
    names.map((name) => [name, median(values[name])]),
  ) as Record<Name, number>;
}

/** Events per second of work that is done in one go. */
export async function rate(
  work: () => number | Promise<number>,
): Promise<number> {
  const startMs = performance.now();
  const events = await work();
  return (events / (performance.now() - startMs)) * 1_000;
}
