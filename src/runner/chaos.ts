/** What may go wrong in a simulation, and what of it is drawn for a seed. */
import type { RandomProvider } from "../core/index.ts";
import {
  checkOptionNames,
  type ClockConfiguration,
  SimulationError,
  type StorageConfiguration,
  type Weather,
} from "../sim/index.ts";
import { resolveAttrition, type Attrition } from "./attrition.ts";
import { resolveClogs, type Clogs } from "./chaos-clogs.ts";
import {
  resolveConnectionFaults,
  type ConnectionFaults,
} from "./chaos-connections.ts";
import {
  checkFamilySwitches,
  familyMask,
  familySwitches,
  type FamilyMask,
  type FamilySwitches,
} from "./chaos-families.ts";
import { resolveStalls, type Stalls } from "./chaos-stalls.ts";
import { drawNetwork } from "./chaos-network.ts";
import { resolvePartitions, type Partitions } from "./partitions.ts";

/**
 * `off`: works as it should, at its ordinary speed. `random`: every parameter is drawn for each seed.
 * `swarm`: the same, and each family of faults is switched off altogether in half of the seeds, so that no fault hides
 * behind another.
 */
export type ChaosMode = "off" | "random" | "swarm";

/** What goes wrong. Whatever `network` lets take part can be switched off by its name: `{ network: "swarm", bitFlips: false }`. */
export interface ChaosOptions extends FamilySwitches {
  /** Everything that can befall connections and datagrams, and clocks that disagree. Default `off`. */
  network?: ChaosMode;
  /** The disk's speed. Default `off`. What was not synced is lost in a crash in any mode. */
  storage?: ChaosMode;
  /** Processes that die and come back. Default: none do. */
  attrition?: Partial<Attrition> | false;
  /** How the network is cut when `network` is not off. */
  partitions?: Partial<Partitions> | false;
  /** How it is clogged when `network` is not off. */
  clogs?: Partial<Clogs> | false;
  /** How single connections are cut and broken when `network` is not off. */
  connections?: Partial<ConnectionFaults> | false;
  /** How processes stand still when `network` is not off. */
  stalls?: Partial<Stalls> | false;
}

/** The weather of one seed: plain data, printed when the seed fails. */
export interface DrawnChaos {
  readonly weather: Weather;
  readonly attrition: Readonly<Attrition> | undefined;
  readonly partitions: Readonly<Partitions> | undefined;
  readonly clogs: Readonly<Clogs> | undefined;
  readonly connections: Readonly<ConnectionFaults> | undefined;
  readonly stalls: Readonly<Stalls> | undefined;
}

const modes: readonly ChaosMode[] = ["off", "random", "swarm"];

/** Refuse what is no mode, before anything starts. */
export function checkChaos(options: ChaosOptions): void {
  checkOptionNames("chaos", options, [
    ...["network", "storage", "attrition", "partitions"],
    ...["clogs", "connections", "stalls"],
    ...familySwitches,
  ]);
  checkFamilySwitches(options);
  for (const option of ["network", "storage"] as const) {
    const mode = options[option];
    if (mode === undefined || modes.includes(mode)) continue;
    const message = `chaos option ${option} cannot be ${JSON.stringify(mode)}: it is one of ${modes.join(", ")}`;
    throw new SimulationError("bad_option", message, { option, value: mode });
  }
  if (options.attrition) resolveAttrition(options.attrition);
  if (options.partitions) resolvePartitions(options.partitions);
  if (options.clogs) resolveClogs(options.clogs);
  if (options.connections) resolveConnectionFaults(options.connections);
  if (options.stalls) resolveStalls(options.stalls);
}

/** Draw what will be broken, and how, for one seed. */
export function drawChaos(
  random: RandomProvider,
  options: ChaosOptions,
): DrawnChaos {
  const keeps = familyMask(random, options.network ?? "off", options);
  const { attrition, partitions, clogs, connections, stalls } = options;
  const drawn = {
    attrition: attrition ? resolveAttrition(attrition) : undefined,
    partitions: drawnIf(keeps("partitions"), partitions, resolvePartitions),
    clogs: drawnIf(keeps("clogs"), clogs, resolveClogs),
    connections: drawnIf(
      keeps("connections"),
      connections,
      resolveConnectionFaults,
    ),
    stalls: drawnIf(keeps("stalls"), stalls, resolveStalls),
  };
  return { weather: drawWeather(random, options, keeps), ...drawn };
}

/** The options of an injector that takes part. */
function drawnIf<T>(
  takesPart: boolean,
  given: Partial<T> | false | undefined,
  resolve: (given: Partial<T>) => Readonly<T>,
): Readonly<T> | undefined {
  return takesPart ? resolve(given || {}) : undefined;
}

function drawWeather(
  random: RandomProvider,
  options: ChaosOptions,
  keeps: FamilyMask,
): Weather {
  const storage =
    (options.storage ?? "off") === "off" ? {} : drawStorage(random);
  if ((options.network ?? "off") === "off")
    return { tieBreak: "fifo", network: {}, storage, clockDriftMaxMs: 0 };
  const driftMs = random.range(1, 150);
  return {
    tieBreak: "random",
    network: drawNetwork(random, keeps),
    storage,
    clockDriftMaxMs: keeps("clockDrift") ? driftMs : 0,
    clock: drawClock(random, keeps),
  };
}

function drawClock(
  random: RandomProvider,
  keeps: FamilyMask,
): Partial<ClockConfiguration> {
  const rate = { ratePpmMax: random.range(1, 1_000) };
  const steps = {
    stepEveryMs: random.range(1_000, 60_000),
    stepMaxMs: random.range(1, 20_000),
  };
  const lateness = {
    sleepDelayMaxMs: random.range(50, 150),
    sleepDelayProbability: 0.2 + random.ratio() * 0.1,
  };
  return {
    ...(keeps("clockRates") ? rate : {}),
    ...(keeps("clockSteps") ? steps : {}),
    ...(keeps("lateTimers") ? lateness : {}),
  };
}

function drawStorage(random: RandomProvider): Partial<StorageConfiguration> {
  return {
    readMs: [0.02, 0.1 + random.ratio() * 0.4],
    writeMs: [0.05, 0.2 + random.ratio()],
    syncMs: [0.5, 2 + random.ratio() * 8],
  };
}
