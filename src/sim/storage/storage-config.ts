/** How a simulated disk behaves, and what is wrong with it. */
import { withDefaults } from "../../base/with-defaults.ts";
import { checkOptionNames, SimulationError } from "../error.ts";
import type { MsRange } from "../network/latency.ts";

/**
 * What a loss of power does to what was not synced. `mixed`: each sector, length and name is kept or lost by itself, and
 * sectors are torn. `lost`: all of it is gone. `kept`: none of it is, as on a disk with a battery.
 */
export type UnsyncedMode = "mixed" | "lost" | "kept";

/** Probabilities are of one operation, or of each sector where that is said. Off is 0, and draws nothing. */
export interface StorageConfiguration {
  /** Operations that the device takes up in a second, one after another. `Infinity` for no limit. Default 25,000. */
  iops: number;
  /** What it reads or writes in a second. `Infinity` for no limit. Default 150 million. */
  bytesPerSecond: number;
  /** How long a read takes once the device has taken it up. Default 0.05–0.2. */
  readMs: MsRange;
  /** A write, into the disk's volatile cache; also a change of a name or a length. Default 0.1–0.5. */
  writeMs: MsRange;
  /** A sync, of a file or a folder. Default 1–5. */
  syncMs: MsRange;
  /** What a loss of power does to what was not synced. Default `mixed`. */
  unsynced: UnsyncedMode;
  /** How likely an unsynced sector that a crash keeps is torn: new up to some byte, old behind it. Default 0.5. */
  tornProbability: number;
  /** How likely an unsynced sector that a crash keeps has a wrong bit among those that were being written. Default 0. */
  crashFaultProbability: number;
  /** How likely each sector that is read turns out to be damaged, silently and for good. Default 0. */
  readFaultProbability: number;
  /** How likely each sector that is written is stored with a wrong bit. Default 0. */
  writeFaultProbability: number;
  /** How likely sectors that are read turn out to be looked for at another place of the file, for good. Default 0. */
  misdirectReadProbability: number;
  /** How likely a write goes to another place of the file, and the right one keeps what it had. Default 0. */
  misdirectWriteProbability: number;
  /** How likely a write is reported and not made. Default 0. */
  phantomWriteProbability: number;
  /** How likely a sync fails. Some of what it should have written never will be; a later sync does not say so. Default 0. */
  syncFailureProbability: number;
  /** How likely an operation fails with `io`. A write may have been made in part. Default 0. */
  ioErrorProbability: number;
  /** How likely a write that makes a file longer fails with `disk_full`, made in part. Default 0. */
  diskFullProbability: number;
  /** What fits on the disk, in bytes of content that is not a hole. Default: no limit. */
  capacityBytes: number;
  /** How likely `read()` and `write()` do less than they were asked for. Default 0. */
  shortOperationProbability: number;
  /** Every so many milliseconds on average the device stands still. Default 0, which is never. */
  diskStallEveryMs: number;
  /** For so long. Default 50–500. */
  diskStallMs: MsRange;
  /** Every so many milliseconds on average the device is slow. Default 0, which is never. */
  diskThrottleEveryMs: number;
  /** For so long. Default 500–5,000. */
  diskThrottleMs: MsRange;
  /** How many times fewer operations it takes up then. Default 10. */
  throttleIopsDivisor: number;
  /** How many times fewer bytes it moves then. Default 10. */
  throttleBandwidthDivisor: number;
  /**
   * How many copies of a sector may be damaged at once: files of the same path on different machines are copies. Damage
   * is what loses synced data without a word: faults of reads and writes, misdirected ones, phantom writes. 0 is none at
   * all. Default: any number.
   */
  damagedCopiesMax: number;
}

export const defaultStorageConfiguration: Readonly<StorageConfiguration> =
  Object.freeze({
    iops: 25_000,
    bytesPerSecond: 150_000_000,
    readMs: [0.05, 0.2] as const,
    writeMs: [0.1, 0.5] as const,
    syncMs: [1, 5] as const,
    unsynced: "mixed",
    tornProbability: 0.5,
    crashFaultProbability: 0,
    readFaultProbability: 0,
    writeFaultProbability: 0,
    misdirectReadProbability: 0,
    misdirectWriteProbability: 0,
    phantomWriteProbability: 0,
    syncFailureProbability: 0,
    ioErrorProbability: 0,
    diskFullProbability: 0,
    capacityBytes: Infinity,
    shortOperationProbability: 0,
    diskStallEveryMs: 0,
    diskStallMs: [50, 500] as const,
    diskThrottleEveryMs: 0,
    diskThrottleMs: [500, 5_000] as const,
    throttleIopsDivisor: 10,
    throttleBandwidthDivisor: 10,
    damagedCopiesMax: Infinity,
  });

/** Fill in defaults and refuse nonsense. */
export function resolveStorageConfiguration(
  given: Partial<StorageConfiguration> = {},
): Readonly<StorageConfiguration> {
  checkOptionNames("storage", given, Object.keys(defaultStorageConfiguration));
  const config = withDefaults(defaultStorageConfiguration, given);
  for (const [makesSense, options] of checks)
    for (const option of options) {
      const value: unknown = config[option];
      if (makesSense(value as never)) continue;
      const message = `storage option ${option} cannot be ${JSON.stringify(value)}`;
      throw new SimulationError("bad_option", message, { option, value });
    }
  return Object.freeze(config);
}

type Check = readonly [
  makesSense: (value: never) => boolean,
  options: readonly (keyof StorageConfiguration)[],
];

const checks: readonly Check[] = [
  [isRange, ["readMs", "writeMs", "syncMs", "diskStallMs", "diskThrottleMs"]],
  [(rate: number) => rate > 0, ["iops", "bytesPerSecond"]],
  [(bytes: number) => bytes >= 0, ["capacityBytes", "damagedCopiesMax"]],
  [isTime, ["diskStallEveryMs", "diskThrottleEveryMs"]],
  [
    (by: number) => by >= 1,
    ["throttleIopsDivisor", "throttleBandwidthDivisor"],
  ],
  [isMode, ["unsynced"]],
  [isProbability, ["tornProbability", "crashFaultProbability"]],
  [isProbability, ["readFaultProbability", "writeFaultProbability"]],
  [isProbability, ["misdirectReadProbability", "misdirectWriteProbability"]],
  [isProbability, ["phantomWriteProbability", "syncFailureProbability"]],
  [isProbability, ["ioErrorProbability", "diskFullProbability"]],
  [isProbability, ["shortOperationProbability"]],
];

function isRange([from, to]: MsRange): boolean {
  return from >= 0 && from <= to && Number.isFinite(to);
}

function isTime(ms: number): boolean {
  return ms >= 0 && Number.isFinite(ms);
}

function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}

function isMode(value: string): boolean {
  return ["mixed", "lost", "kept"].includes(value);
}
