/** A sector that was being written when the power went. */
import type { CrashChoices } from "./crash-choices.ts";

/**
 * Tear a sector, or damage what was being written to it, if that is what the crash does. Only bytes that the write
 * changed can come out wrong: what was there before it, and is the same after it, is safe.
 */
export function tearAndDamage(
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
