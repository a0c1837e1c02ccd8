/** How a simulated disk behaves. */
import { checkOptionNames, SimulationError } from "../error.ts";
import type { MsRange } from "../network/latency.ts";

/**
 * What a loss of power does to what was not synced. `mixed`: each sector, length and name is kept or lost by itself, and
 * sectors are torn. `lost`: all of it is gone. `kept`: none of it is, as on a disk with a battery.
 */
export type UnsyncedMode = "mixed" | "lost" | "kept";

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
  });

const unsyncedModes: readonly unknown[] = ["mixed", "lost", "kept"];

/** Fill in defaults and refuse nonsense. */
export function resolveStorageConfiguration(
  given: Partial<StorageConfiguration> = {},
): Readonly<StorageConfiguration> {
  checkOptionNames("storage", given, Object.keys(defaultStorageConfiguration));
  const config = { ...defaultStorageConfiguration, ...given };
  for (const option of ["readMs", "writeMs", "syncMs"] as const) {
    const [from, to] = config[option];
    if (!(from >= 0 && from <= to && Number.isFinite(to)))
      refuse(option, config[option]);
  }
  for (const option of ["iops", "bytesPerSecond"] as const)
    if (!(config[option] > 0)) refuse(option, config[option]);
  for (const option of ["tornProbability"] as const)
    if (!(config[option] >= 0 && config[option] <= 1))
      refuse(option, config[option]);
  if (!unsyncedModes.includes(config.unsynced))
    refuse("unsynced", config.unsynced);
  return Object.freeze(config);
}

function refuse(option: keyof StorageConfiguration, value: unknown): never {
  throw new SimulationError(
    "bad_option",
    `storage option ${option} cannot be ${JSON.stringify(value)}`,
    { option, value },
  );
}
