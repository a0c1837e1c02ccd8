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
import { resolveStalls, type Stalls } from "./chaos-stalls.ts";
import { drawNetwork } from "./chaos-network.ts";
import { resolvePartitions, type Partitions } from "./partitions.ts";

/**
 * `off`: works as it should, at its ordinary speed. `random`: every parameter is drawn for each seed.
 * `swarm`: the same, and each family of faults is switched off altogether in half of the seeds, so that no fault hides
 * behind another.
 */
export type ChaosMode = "off" | "random" | "swarm";

export interface ChaosOptions {
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
  ]);
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
  const network = options.network ?? "off";
  const keeps = familyMask(random, network);
  const drawn = {
    attrition: options.attrition
      ? resolveAttrition(options.attrition)
      : undefined,
    partitions: drawnIf(keeps(), options.partitions, resolvePartitions),
    clogs: drawnIf(keeps(), options.clogs, resolveClogs),
    connections: drawnIf(keeps(), options.connections, resolveConnectionFaults),
  };
  const stalls = drawnIf(keeps(), options.stalls, resolveStalls);
  return { weather: drawWeather(random, options, keeps), ...drawn, stalls };
}

/** The options of an injector that takes part, unless the user has switched it off. */
function drawnIf<T>(
  takesPart: boolean,
  given: Partial<T> | false | undefined,
  resolve: (given: Partial<T>) => Readonly<T>,
): Readonly<T> | undefined {
  return takesPart && given !== false ? resolve(given ?? {}) : undefined;
}

function drawWeather(
  random: RandomProvider,
  options: ChaosOptions,
  keeps: () => boolean,
): Weather {
  const network = options.network ?? "off";
  const drift = keeps();
  return {
    tieBreak: network === "off" ? "fifo" : "random",
    network: network === "off" ? {} : drawNetwork(random, keeps),
    storage: (options.storage ?? "off") === "off" ? {} : drawStorage(random),
    clockDriftMaxMs: drift ? random.range(1, 150) : 0,
    ...(network === "off" ? {} : { clock: drawClock(random, keeps) }),
  };
}

function drawClock(
  random: RandomProvider,
  keeps: () => boolean,
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
    ...(keeps() ? rate : {}),
    ...(keeps() ? steps : {}),
    ...(keeps() ? lateness : {}),
  };
}

/** Whether each family of faults takes part: none, all of them, or in a swarm each with a fair coin. */
function familyMask(random: RandomProvider, mode: ChaosMode): () => boolean {
  return () => mode !== "off" && (random.bool() || mode !== "swarm");
}

function drawStorage(random: RandomProvider): Partial<StorageConfiguration> {
  return {
    readMs: [0.02, 0.1 + random.ratio() * 0.4],
    writeMs: [0.05, 0.2 + random.ratio()],
    syncMs: [0.5, 2 + random.ratio() * 8],
  };
}
