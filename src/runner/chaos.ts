/** What may go wrong in a simulation, and what of it is drawn for a seed. */
import type { RandomProvider } from "../core/index.ts";
import {
  checkOptionNames,
  type ClockConfiguration,
  SimulationError,
  resolveStorageConfiguration,
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
  drawMood,
  familyMask,
  familySwitches,
  type FamilyMask,
  type FamilySwitches,
  type SwarmMood,
  type StorageFamilySwitches,
} from "./chaos-families.ts";
import { resolveStalls, type Stalls } from "./chaos-stalls.ts";
import { drawNetwork } from "./chaos-network.ts";
import { drawStorage } from "./chaos-storage.ts";
import type { OperationMode, OperationWeights } from "./operations.ts";
import { resolvePartitions, type Partitions } from "./partitions.ts";

/**
 * `off`: works as it should, at its ordinary speed. `random`: every parameter is drawn for each seed.
 * `swarm`: the same, and each family of faults is switched off altogether in half of the seeds, so that no fault hides
 * behind another. One seed in twenty is calm, with no fault at all, and one has every family.
 */
export type ChaosMode = "off" | "random" | "swarm";

/** What goes wrong. Whatever `network` or `storage` lets take part can be switched off by its name: `{ network: "swarm", bitFlips: false }`. */
export interface ChaosOptions extends FamilySwitches, StorageFamilySwitches {
  /** Everything that can befall connections and datagrams, and clocks that disagree. Default `off`. */
  network?: ChaosMode;
  /** Everything that can befall disks. Default `off`. What was not synced is kept, lost or torn by a crash in any mode. */
  storage?: ChaosMode;
  /**
   * How many copies of a sector may be damaged at once, files of the same path on different machines being copies.
   * Damage loses what was synced, so a program survives it only if it keeps copies, and knows a bad one from a good one.
   * Default 0: none is damaged.
   */
  damagedCopiesMax?: number;
  /** Ready-made attacks join by themselves, in about half of the seeds. Default false. */
  attacks?: boolean;
  /** What `ctx.operations` leaves out of a seed. Default `swarm`. */
  operations?: OperationMode;
  /** Processes that die and come back; in a swarm, in half of the seeds. Default: none do. */
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
  /** In a swarm, whether every family takes part, none, or some. */
  readonly mood: SwarmMood | undefined;
  readonly weather: Weather;
  readonly attrition: Readonly<Attrition> | undefined;
  readonly partitions: Readonly<Partitions> | undefined;
  readonly clogs: Readonly<Clogs> | undefined;
  readonly connections: Readonly<ConnectionFaults> | undefined;
  readonly stalls: Readonly<Stalls> | undefined;
  /** Attack workloads that took part, if any did. */
  readonly attacks: readonly string[] | undefined;
  /** Knobs that were turned, as far as the program has asked for them. */
  readonly knobs: Readonly<Record<string, number>>;
  /** What `ctx.operations` gave to workloads of each kind. */
  readonly operations: Readonly<Record<string, OperationWeights>>;
}

/** Whether a seed of a swarm breaks nothing at all. */
export function isCalm({ mood }: DrawnChaos): boolean {
  return mood === "calm";
}

const modes: readonly ChaosMode[] = ["off", "random", "swarm"];

/** Refuse what is no mode, before anything starts. */
export function checkChaos(options: ChaosOptions): void {
  checkOptionNames("chaos", options, [
    ...["network", "storage", "operations", "attacks", "attrition"],
    "damagedCopiesMax",
    ...["partitions", "clogs", "connections", "stalls"],
    ...familySwitches,
  ]);
  checkFamilySwitches(options);
  for (const option of ["network", "storage", "operations"] as const) {
    const mode = options[option];
    if (mode === undefined || modes.includes(mode)) continue;
    const message = `chaos option ${option} cannot be ${JSON.stringify(mode)}: it is one of ${modes.join(", ")}`;
    throw new SimulationError("bad_option", message, { option, value: mode });
  }
  const { damagedCopiesMax = 0 } = options;
  resolveStorageConfiguration({ damagedCopiesMax });
  checkBoolean("attacks", options.attacks);
  if (options.attrition) resolveAttrition(options.attrition);
  if (options.partitions) resolvePartitions(options.partitions);
  if (options.clogs) resolveClogs(options.clogs);
  if (options.connections) resolveConnectionFaults(options.connections);
  if (options.stalls) resolveStalls(options.stalls);
}

function checkBoolean(option: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  const message = `chaos option ${option} cannot be ${JSON.stringify(value)}: it is true or false`;
  throw new SimulationError("bad_option", message, { option, value });
}

/** Draw what will be broken, and how, for one seed. */
export function drawChaos(
  random: RandomProvider,
  options: ChaosOptions,
): DrawnChaos {
  const { network = "off", storage = "off" } = options;
  const swarms = network === "swarm" || storage === "swarm";
  const mood = swarms ? drawMood(random) : undefined;
  const maskOf = (mode: ChaosMode): FamilyMask =>
    familyMask(random, { mode, mood, wishes: options });
  const keeps = maskOf(network);
  const { attrition, partitions, clogs, connections, stalls } = options;
  const dies = maskOf(swarms ? "swarm" : "random")("attrition");
  const drawn = {
    attrition: attrition && dies ? resolveAttrition(attrition) : undefined,
    partitions: drawnIf(keeps("partitions"), partitions, resolvePartitions),
    clogs: drawnIf(keeps("clogs"), clogs, resolveClogs),
    connections: drawnIf(
      keeps("connections"),
      connections,
      resolveConnectionFaults,
    ),
    stalls: drawnIf(keeps("stalls"), stalls, resolveStalls),
  };
  const weather = {
    ...drawWeather(random, network, keeps),
    storage: drawDisks(random, options, maskOf(storage)),
  };
  return {
    mood,
    weather,
    ...drawn,
    attacks: undefined,
    knobs: {},
    operations: {},
  };
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
  network: ChaosMode,
  keeps: FamilyMask,
): Weather {
  if (network === "off")
    return { tieBreak: "fifo", network: {}, clockDriftMaxMs: 0 };
  const driftMs = random.range(1, 150);
  return {
    tieBreak: keeps("ties") ? "random" : "fifo",
    network: drawNetwork(random, keeps),
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

function drawDisks(
  random: RandomProvider,
  options: ChaosOptions,
  keeps: FamilyMask,
): Partial<StorageConfiguration> {
  if ((options.storage ?? "off") === "off") return {};
  const { damagedCopiesMax = 0 } = options;
  return { ...drawStorage(random, keeps), damagedCopiesMax };
}
