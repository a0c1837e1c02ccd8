/** Which seeds a run tries. */
import { mix32 } from "../base/hash.ts";
import { checkSeed, SimulationError } from "../sim/index.ts";

/** How many seeds, derived from one base; or exactly these. */
export type Seeds = number | readonly number[];

/** The seeds of a run. Seed 0 of the derived ones is the base itself, so that a run of one seed is that seed. */
export function seedList(seeds: Seeds, base: number): number[] {
  checkSeed(base);
  if (typeof seeds !== "number") return listedSeeds(seeds);
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    const message = `the number of seeds must be a whole number above 0, not ${seeds}`;
    throw new SimulationError("bad_option", message, {
      option: "seeds",
      value: seeds,
    });
  }
  return Array.from({ length: seeds }, (_, index) =>
    index === 0 ? base : derivedSeed(base, index),
  );
}

function listedSeeds(seeds: readonly number[]): number[] {
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
