/** The one fault that changes what a stream says. */
import type { RandomProvider } from "../../core/index.ts";

/**
 * How many bits to flip: one more than a random word has zeros in front, so that each further bit is half as likely
 * as the one before it. After FoundationDB's simulated connections.
 */
export function flipCount(
  random: RandomProvider,
  minBits: number,
  maxBits: number,
): number {
  const drawn = 1 + Math.clz32(random.uint32());
  return Math.min(Math.max(drawn, minBits), maxBits);
}

/** Flip so many bits at random places, in place; no bit twice. Returns how many: not more than there are. */
export function flipBits(
  random: RandomProvider,
  bytes: Uint8Array,
  wanted: number,
): number {
  const count = Math.min(wanted, bytes.length * 8);
  const flipped = new Set<number>();
  while (flipped.size < count) {
    const bit = random.below(bytes.length * 8);
    if (flipped.has(bit)) continue;
    flipped.add(bit);
    const place = bit >>> 3;
    bytes[place] = (bytes[place] as number) ^ (1 << (bit & 7));
  }
  return count;
}
