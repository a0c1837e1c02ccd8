/** How calls are spread over equivalent servers. */
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { type Given, withDefaults } from "../../base/with-defaults.ts";
import { checkLocality, type EndpointLocality } from "./locality.ts";

/** When a second server is asked the same, because the first takes its time. Only of methods that may run twice. */
export interface BackupConfig {
  /**
   * Backup requests for each call that its first server answered; what is left over is saved up, and one is there to begin with. Default 0.05. It bounds
   * what backups can add to the load, most of all when all servers are slow.
   */
  share: number;
  /** The most that can be saved up, in requests. Default 100. */
  savedMax: number;
  /** A backup waits this much longer than the other server is expected to take, in milliseconds. Default 0.5. */
  extraDelayMs: number;
  /**
   * How often the expected time is waited for is a factor that begins at 1, grows by so much with each backup and shrinks
   * with each first answer, so that backups stay rare. Default 0.01.
   */
  factorGrowth: number;
  /** How much that factor shrinks with each first answer; never below 1. Default 0.00025. */
  factorDecline: number;
}

export interface BalanceConfig {
  /** Over how long the number of outstanding requests is smoothed, in milliseconds. Default 2 000. */
  smoothingMs: number;
  /** How long an unknown server is expected to take, in milliseconds. Default 1. */
  latencyMsInitial: number;
  /** How much of each new latency goes into the estimate, up to 1 for nothing but the last. Default 0.25. */
  latencyWeight: number;
  /** A server that says "ask elsewhere" is left alone for so long; doubles while it goes on. Default 1 000. */
  suspendMs: number;
  /** Ceiling for that doubling. Default 8 000. */
  suspendMsMax: number;
  /** Pause after all servers were asked in vain, jittered; doubles with each round. Default 10. */
  roundDelayMs: number;
  /** Ceiling for that doubling. Default 5 000. */
  roundDelayMsMax: number;
  /** Rounds in which servers said "ask elsewhere" before the caller is told so. Default 3. */
  refusedRoundsMax: number;
  /** Of the nearest servers so many may be unfit before those farther away are asked as well. Default 1. */
  nearUnfitMax: number;
  /**
   * How long an at-most-once call waits for one of its servers to come back when none can be reached: this share of the
   * time for which that has been so. Default 0.2.
   */
  patienceShare: number;
  /** At least so long. Default 50. */
  patienceMsMin: number;
  /** At most so long. Default 1 000. */
  patienceMsMax: number;
  /** When a second server is asked. `false`: never. */
  backup: Readonly<BackupConfig> | false;
  /** Where the caller is. Without it all servers are equally far. Default: not known. */
  locality: EndpointLocality | undefined;
}

/** What a caller may leave out. */
export type BalanceOptions = Given<
  Omit<BalanceConfig, "backup"> & { backup: Given<BackupConfig> | false }
>;

export const defaultBackupConfig: Readonly<BackupConfig> = Object.freeze({
  share: 0.05,
  savedMax: 100,
  extraDelayMs: 0.5,
  factorGrowth: 0.01,
  factorDecline: 0.00025,
});

/** The figures are FoundationDB's (`fdbrpc/LoadBalance.actor.h`, `flow/Knobs.cpp`). */
export const defaultBalanceConfig: Readonly<BalanceConfig> = Object.freeze({
  smoothingMs: 2_000,
  latencyMsInitial: 1,
  latencyWeight: 0.25,
  suspendMs: 1_000,
  suspendMsMax: 8_000,
  roundDelayMs: 10,
  roundDelayMsMax: 5_000,
  refusedRoundsMax: 3,
  nearUnfitMax: 1,
  patienceShare: 0.2,
  patienceMsMin: 50,
  patienceMsMax: 1_000,
  backup: defaultBackupConfig,
  locality: undefined,
});

/** Fill in defaults, refuse nonsense, freeze. Throws `TypeError` or `RangeError`. */
export function resolveBalanceConfig(
  given: BalanceOptions = {},
): Readonly<BalanceConfig> {
  refuseUnknownOptions("a balance", given, Object.keys(defaultBalanceConfig));
  checkLocality(given.locality);
  const backup = resolveBackupConfig(given.backup);
  const config: BalanceConfig = {
    ...withDefaults(defaultBalanceConfig, { ...given, backup: undefined }),
    backup,
  };
  for (const name of durations) check(name, config[name], isAbove0);
  for (const name of ["latencyWeight", "patienceShare"] as const)
    check(name, config[name], isShare);
  check("refusedRoundsMax", config.refusedRoundsMax, isCountAbove0);
  check("nearUnfitMax", config.nearUnfitMax, isCount);
  for (const [least, most] of pairs) {
    if (config[least] <= config[most]) continue;
    throw new RangeError(
      `${least} (${config[least]}) is above ${most} (${config[most]})`,
    );
  }
  return Object.freeze(config);
}

/** Fill in defaults, refuse nonsense, freeze. `false` is no backups at all. */
export function resolveBackupConfig(
  given: Given<BackupConfig> | false = {},
): Readonly<BackupConfig> | false {
  if (given === false) return false;
  refuseUnknownOptions("a backup", given, Object.keys(defaultBackupConfig));
  const config = withDefaults(defaultBackupConfig, given);
  check("share", config.share, isShare);
  check("savedMax", config.savedMax, isCountAbove0);
  for (const name of ["extraDelayMs", "factorGrowth", "factorDecline"] as const)
    check(name, config[name], isAtLeast0);
  return Object.freeze(config);
}

const durations = [
  "smoothingMs",
  "latencyMsInitial",
  "suspendMs",
  "suspendMsMax",
  "roundDelayMs",
  "roundDelayMsMax",
  "patienceMsMin",
  "patienceMsMax",
] as const;
const pairs = [
  ["suspendMs", "suspendMsMax"],
  ["roundDelayMs", "roundDelayMsMax"],
  ["patienceMsMin", "patienceMsMax"],
] as const;

interface Demand {
  readonly what: string;
  holds(value: number): boolean;
}
const isAbove0: Demand = {
  what: "a number above 0",
  holds: (value) => Number.isFinite(value) && value > 0,
};
const isAtLeast0: Demand = {
  what: "a number, 0 or more",
  holds: (value) => Number.isFinite(value) && value >= 0,
};
const isShare: Demand = {
  what: "above 0, and 1 at most",
  holds: (value) => value > 0 && value <= 1,
};
const isCount: Demand = {
  what: "a whole number, 0 or more",
  holds: (value) => Number.isSafeInteger(value) && value >= 0,
};
const isCountAbove0: Demand = {
  what: "a whole number above 0",
  holds: (value) => Number.isSafeInteger(value) && value > 0,
};

function check(name: string, value: number, { what, holds }: Demand): void {
  if (!holds(value))
    throw new RangeError(`${name} must be ${what}, not ${value}`);
}
