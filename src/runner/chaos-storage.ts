/** Which of the disk's faults take part in a seed, and how strong they are. */
import type { RandomProvider } from "../core/index.ts";
import {
  randomStorageForSeed,
  type StorageConfiguration,
} from "../sim/index.ts";
import type { FamilyMask, StorageFamilySwitches } from "./chaos-families.ts";

/** Families of faults that a disk has, with the options of each. */
const families = {
  diskSpeed: ["iops", "bytesPerSecond", "readMs", "writeMs", "syncMs"],
  crashFaults: ["crashFaultProbability"],
  readFaults: ["readFaultProbability"],
  writeFaults: ["writeFaultProbability"],
  misdirectedReads: ["misdirectReadProbability"],
  misdirectedWrites: ["misdirectWriteProbability"],
  phantomWrites: ["phantomWriteProbability"],
  syncFailures: ["syncFailureProbability"],
  ioErrors: ["ioErrorProbability"],
  fullDisks: ["diskFullProbability"],
  shortOperations: ["shortOperationProbability"],
  diskStalls: ["diskStallEveryMs", "diskStallMs"],
  diskThrottles: [
    ...(["diskThrottleEveryMs", "diskThrottleMs"] as const),
    ...(["throttleIopsDivisor", "throttleBandwidthDivisor"] as const),
  ],
} as const satisfies Record<
  keyof StorageFamilySwitches | "diskSpeed",
  readonly (keyof StorageConfiguration)[]
>;

/** What differs from seed to seed whichever family takes part: what a crash does. */
const always: readonly (keyof StorageConfiguration)[] = [
  "unsynced",
  "tornProbability",
];

/** Draw a disk for one seed, and keep of it what belongs to families that `keeps` says take part. */
export function drawStorage(
  random: RandomProvider,
  keeps: FamilyMask,
): Partial<StorageConfiguration> {
  const drawn = randomStorageForSeed(random);
  const names = Object.keys(families) as (keyof typeof families)[];
  const kept = names.filter(keeps);
  const options = [...always, ...kept.flatMap((family) => families[family])];
  return Object.fromEntries(options.map((option) => [option, drawn[option]]));
}
