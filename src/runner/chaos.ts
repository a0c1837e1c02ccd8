/** What may go wrong in a simulation, and what of it is drawn for a seed. */
import type { RandomProvider } from "../core/index.ts";
import {
  checkOptionNames,
  SimulationError, type MsRange, type NetworkConfiguration, type StorageConfiguration, type Weather } from "../sim/index.ts";
import { resolveAttrition, type Attrition } from "./attrition.ts";
import { resolvePartitions, type Partitions } from "./partitions.ts";

/**
 * `off`: works as it should, at its ordinary speed. `random`: every parameter is drawn for each seed.
 * `swarm`: the same, and each family of faults is switched off altogether in half of the seeds, so that no fault hides
 * behind another.
 */
export type ChaosMode = "off" | "random" | "swarm";

export interface ChaosOptions {
  /** Latencies, refused connects, partitions. Default `off`. */
  network?: ChaosMode;
  /** The disk's speed. Default `off`. What was not synced is lost in a crash in any mode. */
  storage?: ChaosMode;
  /** Processes that die and come back. Default: none do. */
  attrition?: Partial<Attrition> | false;
  /** How the network is cut when `network` is not off. */
  partitions?: Partial<Partitions> | false;
}

/** The weather of one seed: plain data, printed when the seed fails. */
export interface DrawnChaos {
  readonly weather: Weather;
  readonly attrition: Readonly<Attrition> | undefined;
  readonly partitions: Readonly<Partitions> | undefined;
}

const modes: readonly ChaosMode[] = ["off", "random", "swarm"];

/** Refuse what is no mode, before anything starts. */
export function checkChaos(options: ChaosOptions): void {
  checkOptionNames("chaos", options, ["network", "storage", "attrition", "partitions"]);
  for (const option of ["network", "storage"] as const) {
    const mode = options[option];
    if (mode === undefined || modes.includes(mode)) continue;
    const message = `chaos option ${option} cannot be ${JSON.stringify(mode)}: it is one of ${modes.join(", ")}`;
    throw new SimulationError("bad_option", message, { option, value: mode });
  }
  if (options.attrition) resolveAttrition(options.attrition);
  if (options.partitions) resolvePartitions(options.partitions);
}

/** Draw what will be broken, and how, for one seed. */
export function drawChaos(random: RandomProvider, options: ChaosOptions): DrawnChaos {
  const network = options.network ?? "off";
  const keeps = familyMask(random, network);
  const latency = keeps();
  const refuse = keeps();
  const cut = keeps();
  const drift = keeps();
  const partitioned = network !== "off" && cut && options.partitions !== false;
  return {
    weather: {
      tieBreak: network === "off" ? "fifo" : "random",
      network: network === "off" ? {} : drawNetwork(random, latency, refuse),
      storage: (options.storage ?? "off") === "off" ? {} : drawStorage(random),
      clockDriftMaxMs: network === "off" || !drift ? 0 : random.range(1, 150),
    },
    attrition: options.attrition ? resolveAttrition(options.attrition) : undefined,
    partitions: partitioned ? resolvePartitions(options.partitions || {}) : undefined,
  };
}

/** Whether each family of faults takes part: all of them, or in a swarm each with a fair coin. */
function familyMask(random: RandomProvider, mode: ChaosMode): () => boolean {
  return () => random.bool() || mode !== "swarm";
}

function drawNetwork(random: RandomProvider, latency: boolean, refuse: boolean): Partial<NetworkConfiguration> {
  const slowMs = random.ratio() * 100;
  return {
    ...(latency ? { latencyMs: [0.05, 0.1 + slowMs] as MsRange } : {}),
    connectMs: [0.5, 1 + random.ratio() * 50],
    resetAfterMs: [1_000 + random.ratio() * 4_000, 5_000 + random.ratio() * 10_000],
    refuseProbability: refuse ? random.ratio() * 0.2 : 0,
    windowBytes: random.pick([4_096, 65_536, 1_048_576]),
  };
}

function drawStorage(random: RandomProvider): Partial<StorageConfiguration> {
  return {
    readMs: [0.02, 0.1 + random.ratio() * 0.4],
    writeMs: [0.05, 0.2 + random.ratio()],
    syncMs: [0.5, 2 + random.ratio() * 8],
  };
}
