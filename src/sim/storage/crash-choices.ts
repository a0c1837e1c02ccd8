/** What a loss of power does to what was not synced: the decisions, apart from what follows from them. */
import type { RandomProvider } from "../../core/index.ts";

/** Decides, where a crash leaves a choice. */
export interface CrashChoices {
  /** How many of `count` changes of a file's length took place, the oldest first: from 0 to all. */
  lengths(count: number): number;
  /** Whether a file's or folder's new name, or its removal, is there. */
  name(): boolean;
  /** Which of `count` contents a sector has. They are in order of time: 0 is the durable one. */
  version(count: number): number;
  /** How many of `count` bytes, the first ones, were written before the sector was torn; 0 if it was not. */
  tear(count: number): number;
  /** Which of `count` bits that were being written is wrong; none if undefined. */
  damage(count: number): number | undefined;
}

/** All that was not synced is lost. */
export const everythingLost: CrashChoices = Object.freeze({
  lengths: () => 0,
  name: () => false,
  version: () => 0,
  tear: () => 0,
  damage: () => undefined,
});

/** All is kept, as on a disk with a battery. */
export const everythingKept: CrashChoices = Object.freeze({
  lengths: (count: number) => count,
  name: () => true,
  version: (count: number) => count - 1,
  tear: () => 0,
  damage: () => undefined,
});

export interface CrashOdds {
  /** How likely a sector that reached the disk is torn. */
  readonly tornProbability: number;
  /** How likely a bit of what was being written to a sector is wrong. */
  readonly crashFaultProbability: number;
}

/** Shares of crashes that keep and that lose everything: a mixture alone would hardly ever do either. */
const keepsAll = 0.1;
const losesAll = 0.3;

/** Each crash has its mood; in most, each sector, length and name has its own luck. */
export function drawCrash(
  random: RandomProvider,
  odds: CrashOdds,
): CrashChoices {
  const mood = random.ratio();
  if (mood < keepsAll) return everythingKept;
  if (mood < keepsAll + losesAll) return everythingLost;
  const { tornProbability, crashFaultProbability } = odds;
  return {
    lengths: (count) => random.below(count + 1),
    name: () => random.bool(),
    version: (count) => random.below(count),
    tear: (count) =>
      tornProbability > 0 && random.bool(tornProbability)
        ? 1 + random.below(count)
        : 0,
    damage: (count) =>
      crashFaultProbability > 0 && random.bool(crashFaultProbability)
        ? random.below(count)
        : undefined,
  };
}
