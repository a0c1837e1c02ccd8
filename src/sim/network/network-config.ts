/** How the simulated network behaves when nothing is broken, and how often it breaks by itself. */
import { withDefaults } from "../../base/with-defaults.ts";
import type { RandomProvider } from "../../core/index.ts";
import { checkOptionNames, SimulationError } from "../error.ts";
import {
  defaultChaosConfiguration,
  disabledChaos,
  randomChaos,
  type ChaosConfiguration,
} from "./chaos-config.ts";
import {
  isLatency,
  isMs,
  isMsRange,
  isProbability,
  type Latency,
  type MsRange,
} from "./latency.ts";

/** What is particular about some links: those that match both ends; an end that is not named matches every machine. */
export interface LinkOverride {
  readonly from?: string;
  readonly to?: string;
  readonly latencyMs?: Latency;
  /** Added to each trip. */
  readonly extraLatencyMs?: number;
  readonly bytesPerSecond?: number;
}

export interface NetworkConfiguration extends ChaosConfiguration {
  /** One way, per segment; later bytes never overtake earlier ones. Default 0.1–0.6, a data centre. */
  latencyMs: Latency;
  /** Between the call of `bind` and the listener. Default 0.05–0.15. */
  bindMs: MsRange;
  /** Between the arrival of a connection and its being there to accept. Default 1–6. */
  acceptMs: MsRange;
  /** What a read takes once there is something to read. Default 0.01–0.06. */
  readMs: MsRange;
  /** What a request to connect takes at least, before the answer travels back. Default 1–11. */
  connectMs: MsRange;
  /** A connect that meets a partition gives up after this. Default 20 000, as operating systems do roughly. */
  connectTimeoutMs: number;
  /** A connection with bytes held by a partition breaks after this. Default 5 000–15 000. */
  resetAfterMs: MsRange;
  /** Unread bytes that a connection takes before it makes its writer wait. Default 65 536. */
  windowBytes: number;
  /** How many connections wait to be accepted before more are refused. Default 511, as in Node. */
  backlogMax: number;
  /** What a link carries, each direction for itself. Default 0: as much as there is. */
  bytesPerSecond: number;
  /** The longest datagram. Default 65 507, what UDP allows over IPv4. */
  datagramBytesMax: number;
  /** Links that differ from all this; of several that match, later ones win. Default none. */
  links: readonly LinkOverride[];
}

export const defaultNetworkConfiguration: Readonly<NetworkConfiguration> =
  Object.freeze({
    ...defaultChaosConfiguration,
    latencyMs: [0.1, 0.6] as const,
    bindMs: [0.05, 0.15] as const,
    acceptMs: [1, 6] as const,
    readMs: [0.01, 0.06] as const,
    connectMs: [1, 11] as const,
    connectTimeoutMs: 20_000,
    resetAfterMs: [5_000, 15_000] as const,
    windowBytes: 65_536,
    backlogMax: 511,
    bytesPerSecond: 0,
    datagramBytesMax: 65_507,
    links: [],
  });

/** As fast as a network can be, and nothing goes wrong: for tests of something else. */
export const fastLocalNetwork: Readonly<NetworkConfiguration> = Object.freeze({
  ...defaultNetworkConfiguration,
  ...disabledChaos,
  latencyMs: [0.001, 0.001] as const,
  bindMs: [0.001, 0.001] as const,
  acceptMs: [0.01, 0.01] as const,
  readMs: [0, 0] as const,
  connectMs: [0.01, 0.01] as const,
});

/** Another network for each seed: every value is drawn, and every fault takes part. */
export function randomNetworkForSeed(
  random: RandomProvider,
): NetworkConfiguration {
  return {
    ...defaultNetworkConfiguration,
    ...randomChaos(random),
    latencyMs: randomLatency(random),
    bindMs: [0.01, 0.05 + random.ratio() * 0.25],
    acceptMs: [0, random.ratio() * 15],
    readMs: [0.005, 0.05 + random.ratio() * 0.15],
    connectMs: [0.5, 1 + random.ratio() * 50],
    resetAfterMs: [
      1_000 + random.ratio() * 4_000,
      5_000 + random.ratio() * 10_000,
    ],
    windowBytes: random.pick([4_096, 65_536, 1_048_576]),
    bytesPerSecond: random.pick([0, 0, 100_000, 1_000_000, 10_000_000]),
  };
}

/** Whole networks, ready to use: `network: NetworkConfiguration.fastLocal()`. */
export const NetworkConfiguration: {
  /** The ordinary speed of a data centre, and nothing goes wrong by chance. */
  disabled(): Readonly<NetworkConfiguration>;
  /** As fast as a network can be, and nothing goes wrong. */
  fastLocal(): Readonly<NetworkConfiguration>;
  /** Every value drawn, every fault on. */
  randomForSeed(random: RandomProvider): Readonly<NetworkConfiguration>;
} = Object.freeze({
  disabled: () =>
    Object.freeze({ ...defaultNetworkConfiguration, ...disabledChaos }),
  fastLocal: () => fastLocalNetwork,
  randomForSeed: randomNetworkForSeed,
});

/** One of the four shapes, with a slow end of up to 100 ms or so. */
function randomLatency(random: RandomProvider): Latency {
  const minMs = 0.05;
  const slowMs = 0.05 + random.ratio() * 100;
  switch (random.below(4)) {
    case 0:
      return { shape: "exponential", minMs, meanMs: slowMs / 4 };
    case 1:
      return {
        shape: "bimodal",
        fastMs: [minMs, 0.1 + slowMs / 10],
        slowMs: [slowMs, slowMs * 5],
        slowProbability: 0.001 + random.ratio() * 0.02,
      };
    case 2:
      return { shape: "long_tail", minMs, scaleMs: slowMs / 20, maxMs: 1_000 };
    default:
      return [minMs, minMs + slowMs];
  }
}

/** Fill in defaults and refuse nonsense. */
export function resolveNetworkConfiguration(
  given: Partial<NetworkConfiguration> = {},
): Readonly<NetworkConfiguration> {
  checkOptionNames("the network", given, optionNames);
  const config = withDefaults(defaultNetworkConfiguration, given);
  for (const [makesSense, options] of checks) {
    for (const option of options) {
      if (!makesSense(config[option] as never))
        throw bad(option, config[option]);
    }
  }
  if (config.bitFlipMinBits > config.bitFlipMaxBits) {
    throw bad("bitFlipMinBits", config.bitFlipMinBits);
  }
  for (const override of config.links) checkOverride(override);
  return Object.freeze(config);
}

/** Refuse an override that overrides nothing, or makes no sense. */
export function checkOverride(override: LinkOverride): void {
  checkOptionNames("a link", override, linkOptions);
  const { latencyMs, extraLatencyMs = 0, bytesPerSecond = 0 } = override;
  if (latencyMs !== undefined && !isLatency(latencyMs))
    throw bad("latencyMs", latencyMs);
  if (!isMs(extraLatencyMs)) throw bad("extraLatencyMs", extraLatencyMs);
  if (!isMs(bytesPerSecond)) throw bad("bytesPerSecond", bytesPerSecond);
}

const optionNames = Object.keys(defaultNetworkConfiguration);
const linkOptions = [
  ...["from", "to", "latencyMs", "extraLatencyMs", "bytesPerSecond"],
];

type Check = readonly [
  makesSense: (value: never) => boolean,
  options: readonly (keyof NetworkConfiguration)[],
];

const checks: readonly Check[] = [
  [isLatency, ["latencyMs"]],
  [isMsRange, ["bindMs", "acceptMs", "readMs", "connectMs", "resetAfterMs"]],
  [isMsRange, ["pairLatencyMs", "asymmetricLatencyMs", "partialForMs"]],
  [(ms: number) => ms > 0, ["connectTimeoutMs"]],
  [isMs, ["randomCloseEveryMs", "bitFlipEveryMs", "bytesPerSecond"]],
  [isMs, ["partialWriteEveryMs", "partialReadEveryMs"]],
  [isProbability, ["refuseProbability", "hangProbability"]],
  [isProbability, ["randomCloseExplicitRatio", "datagramLossProbability"]],
  [isProbability, ["datagramDuplicateProbability"]],
  [isProbability, ["datagramReorderProbability"]],
  [isCount, ["windowBytes", "backlogMax", "datagramBytesMax"]],
  [isCount, ["bitFlipMinBits", "bitFlipMaxBits"]],
  [isCount, ["partialWriteMaxBytes", "partialReadMaxBytes"]],
  [isFailureMode, ["connectFailureMode"]],
];

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function isFailureMode(value: string): boolean {
  return ["disabled", "always_fail", "probabilistic"].includes(value);
}

function bad(option: string, value: unknown): SimulationError<"bad_option"> {
  const message = `network option ${option} cannot be ${JSON.stringify(value)}`;
  return new SimulationError("bad_option", message, { option, value });
}
