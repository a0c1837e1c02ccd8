/** What a loss of power does to a sector that was being written, and what it does in all. */
import type { CrashChoices } from "./crash-choices.ts";

/** What a loss of power did to a file. */
export interface CrashLosses {
  /** Sectors that do not have the last content written to them. */
  droppedWrites: number;
  tornSectors: number;
  damagedSectors: number;
  /** Changes of the length, or of a name, that did not take place. */
  lostMetadata: number;
}

/** Nothing lost so far. */
export function noLosses(): CrashLosses {
  return {
    droppedWrites: 0,
    tornSectors: 0,
    damagedSectors: 0,
    lostMetadata: 0,
  };
}

/** Decide what a sector holds that had these contents meanwhile, the oldest first. */
export function settleSector(
  contents: readonly Uint8Array[],
  choices: CrashChoices,
  losses: CrashLosses,
): Uint8Array {
  const version = choices.version(contents.length);
  if (version < contents.length - 1) losses.droppedWrites += 1;
  const bytes = contents[version] as Uint8Array;
  const before = contents[version - 1];
  return before === undefined
    ? bytes
    : tearAndDamage({ before, bytes }, choices, losses);
}

/**
 * Tear a sector, or damage what was being written to it, if that is what the crash does. Only bytes that the write
 * changed can come out wrong: what was there before it, and is the same after it, is safe.
 */
function tearAndDamage(
  { before, bytes }: { before: Uint8Array; bytes: Uint8Array },
  choices: CrashChoices,
  losses: { tornSectors: number; damagedSectors: number },
): Uint8Array {
  const changed = placesThatDiffer(before, bytes);
  if (changed.length === 0) return bytes;
  let left = bytes;
  const written = changed.length < 2 ? 0 : choices.tear(changed.length - 1);
  if (written > 0) {
    losses.tornSectors += 1;
    left = before.slice();
    const torn = changed[written] as number;
    left.set(bytes.subarray(0, torn), 0);
  }
  const bit = choices.damage(changed.length * 8);
  if (bit !== undefined) {
    losses.damagedSectors += 1;
    left = left.slice();
    const place = changed[bit >> 3] as number;
    left[place] = (left[place] as number) ^ (1 << (bit & 7));
  }
  return left;
}

function placesThatDiffer(left: Uint8Array, right: Uint8Array): number[] {
  const places: number[] = [];
  for (const [place, byte] of right.entries())
    if (left[place] !== byte) places.push(place);
  return places;
}
