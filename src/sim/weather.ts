/** How a world behaves: what its options say, and what is drawn from the seed over that. */
import type { RandomProvider } from "../core/index.ts";
import {
  resolveClockConfiguration,
  type ClockConfiguration,
} from "./clock-config.ts";
import { SimulationError } from "./error.ts";
import type { TieBreak } from "./engine.ts";
import { canonicalIpOf } from "./ip.ts";
import {
  resolveNetworkConfiguration,
  type NetworkConfiguration,
} from "./network/network-config.ts";
import {
  resolveStorageConfiguration,
  type StorageConfiguration,
} from "./storage/storage-config.ts";
import type { SimWorldOptions, Weather } from "./world-options.ts";

/** Every part of it filled in and checked. */
export interface ResolvedWeather {
  readonly tieBreak: TieBreak;
  readonly network: Readonly<NetworkConfiguration>;
  readonly storage: Readonly<StorageConfiguration>;
  readonly disks: ReadonlyMap<string, Readonly<StorageConfiguration>>;
  readonly clock: Readonly<ClockConfiguration>;
  readonly clockDriftMaxMs: number;
}

export function resolveWeather(
  options: SimWorldOptions,
  random: RandomProvider,
): ResolvedWeather {
  const weather = { ...options, ...options.drawWeather?.(random) };
  return {
    tieBreak: weather.tieBreak ?? "fifo",
    network: resolveNetworkConfiguration(weather.network),
    storage: resolveStorageConfiguration(weather.storage),
    disks: resolveDisks(weather),
    clock: resolveClockConfiguration(weather.clock),
    clockDriftMaxMs: checkDrift(weather.clockDriftMaxMs ?? 0),
  };
}

/** What differs at single machines, on top of what all disks have in common. */
function resolveDisks({
  storage,
  disks = {},
}: Weather): Map<string, Readonly<StorageConfiguration>> {
  return new Map(
    Object.entries(disks).map(([ip, own]) => [
      canonicalIpOf(ip),
      resolveStorageConfiguration({ ...storage, ...own }),
    ]),
  );
}

function checkDrift(value: number): number {
  if (value >= 0 && Number.isFinite(value)) return value;
  const option = "clockDriftMaxMs";
  const message = `${option} cannot be ${value}: milliseconds, 0 or more, are`;
  throw new SimulationError("bad_option", message, { option, value });
}
