/** Contestants that take turns under one load. */
import { medians } from "../rounds.ts";
import { type RunningSide, startSide } from "./side.ts";

/** The load of a contest. */
export interface ContestShape {
  /** Default `calls`. */
  readonly of?: "calls" | "items";
  readonly inFlight: number;
  readonly payloadSize: number;
}

const warmUpMs = 1_500;
const roundMs = 1_000;

/**
 * Calls per second of each. All are started and warmed up first, then they take turns: only one is ever busy. Names
 * are those of files in `bench/sides/`.
 */
export async function contest<Name extends string>(
  names: readonly Name[],
  shape: ContestShape,
): Promise<Record<Name, number>> {
  const running: [Name, RunningSide][] = [];
  try {
    for (const name of names) running.push([name, await startSide(name)]);
    for (const [, side] of running)
      await side.measure({ ...shape, durationMs: warmUpMs });
    const rounds = running.map(([name, side]) => [
      name,
      () => side.measure({ ...shape, durationMs: roundMs }),
    ]);
    return await medians(
      Object.fromEntries(rounds) as Record<Name, () => Promise<number>>,
    );
  } finally {
    for (const [, side] of running) side[Symbol.dispose]();
  }
}
