/** Seeds: listed, or derived from one base. */
import { mix32 } from "../base/hash.ts";
import { checkSeed, SimulationError } from "../sim/index.ts";

/** How many seeds, derived from one base; or exactly these. */
export type Seeds = number | readonly number[];

/** Seeds of one base. The first is the base itself, so that a run of one seed is that seed. */
export function* derivedSeeds(base: number, count: number): Generator<number> {
  for (let index = 0; index < count; index += 1)
    yield index === 0 ? base : derivedSeed(base, index);
}

/** A list of seeds, every one of them checked. */
export function listedSeeds(seeds: readonly number[]): readonly number[] {
  if (seeds.length > 0) return seeds.map(checkSeed);
  const message = "the list of seeds is empty: a run of none could not fail";
  throw new SimulationError("bad_option", message, {
    option: "seeds",
    value: seeds,
  });
}

/** 52 bits, so that it is a safe integer and prints as a plain number. */
function derivedSeed(base: number, index: number): number {
  const low = mix32(base ^ Math.imul(index, 0x9e3779b9));
  const high = mix32(
    Math.floor(base / 0x1_0000_0000) ^ Math.imul(index, 0x85ebca6b) ^ low,
  );
  return (high >>> 12) * 0x1_0000_0000 + low;
}
