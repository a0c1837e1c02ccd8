/** What may go wrong with a connection by chance. All of it is off unless asked for, and ends when calm is ordered. */
import type { RandomProvider } from "../../core/index.ts";
import type { MsRange } from "./latency.ts";

/**
 * Whether connects fail though somebody listens. `disabled`: none does. `always_fail`: every one is refused.
 * `probabilistic`: each with the two probabilities beside.
 */
export type ConnectFailureMode = "disabled" | "always_fail" | "probabilistic";

/**
 * Every fault has a switch of its own, which is off by default. What strikes does so at moments of simulated time that
 * were drawn in advance, so that a busy connection is not struck more often than a quiet one.
 */
export interface ChaosConfiguration {
  /** Default `probabilistic`, with probabilities of 0. */
  connectFailureMode: ConnectFailureMode;
  /** The chance that a connect is refused although somebody listens. Default 0. */
  refuseProbability: number;
  /** The chance that a connect is not answered at all, so that it times out. Default 0. */
  hangProbability: number;
  /** Drawn once for each pair of machines, and added to every trip between them. Default 0–0. */
  pairLatencyMs: MsRange;
  /** Drawn once for each direction between two machines, so that both differ. Default 0–0. */
  asymmetricLatencyMs: MsRange;
  /** Connections break by themselves, each after this long on average. Default 0: never. */
  randomCloseEveryMs: number;
  /** The share of such breaks of which the ends are told at once; the others are silent. Default 0.3. */
  randomCloseExplicitRatio: number;
  /** Bits of what arrives are flipped, on each link this far apart on average. Default 0: never. */
  bitFlipEveryMs: number;
  /** How many bits at least and at most; small numbers are by far the likeliest. Default 1 and 32. */
  bitFlipMinBits: number;
  bitFlipMaxBits: number;
  /** Writes are torn into pieces for a while, on each link this far apart on average. Default 0: never. */
  partialWriteEveryMs: number;
  /** No piece is longer. Default 1 000. */
  partialWriteMaxBytes: number;
  /** Reads yield less than there is for a while, on each link this far apart on average. Default 0: never. */
  partialReadEveryMs: number;
  /** No read yields more. Default 1 000. */
  partialReadMaxBytes: number;
  /** How long such a while is. Default 100–1 000. */
  partialForMs: MsRange;
  /** The share of datagrams that never arrive. Default 0. */
  datagramLossProbability: number;
  /** The share of datagrams that arrive twice. Default 0. */
  datagramDuplicateProbability: number;
  /** The share of datagrams that are overtaken by later ones. Default 0. */
  datagramReorderProbability: number;
}

/** Nothing goes wrong by chance. What `calm` returns to. */
export const disabledChaos: Readonly<ChaosConfiguration> = Object.freeze({
  connectFailureMode: "disabled",
  refuseProbability: 0,
  hangProbability: 0,
  pairLatencyMs: [0, 0] as const,
  asymmetricLatencyMs: [0, 0] as const,
  randomCloseEveryMs: 0,
  randomCloseExplicitRatio: 0.3,
  bitFlipEveryMs: 0,
  bitFlipMinBits: 1,
  bitFlipMaxBits: 32,
  partialWriteEveryMs: 0,
  partialWriteMaxBytes: 1_000,
  partialReadEveryMs: 0,
  partialReadMaxBytes: 1_000,
  partialForMs: [100, 1_000] as const,
  datagramLossProbability: 0,
  datagramDuplicateProbability: 0,
  datagramReorderProbability: 0,
});

export const defaultChaosConfiguration: Readonly<ChaosConfiguration> =
  Object.freeze({ ...disabledChaos, connectFailureMode: "probabilistic" });

/** What befalls networks, ready to use: `network: ChaosConfiguration.randomForSeed(random)`. */
export const ChaosConfiguration: {
  /** Nothing goes wrong by chance. */
  disabled(): Readonly<ChaosConfiguration>;
  /** Every fault drawn, at a strength that a correct program survives. */
  randomForSeed(random: RandomProvider): Readonly<ChaosConfiguration>;
} = Object.freeze({
  disabled: () => disabledChaos,
  randomForSeed: randomChaos,
});

/** Everything drawn for one seed, each family at a strength that a correct program survives. */
export function randomChaos(random: RandomProvider): ChaosConfiguration {
  return {
    connectFailureMode: "probabilistic",
    refuseProbability: random.ratio() * 0.2,
    hangProbability: random.ratio() * 0.1,
    pairLatencyMs: [0, random.ratio() * 99],
    asymmetricLatencyMs: [0, random.ratio() * 50],
    randomCloseEveryMs: 2_000 + random.ratio() * 60_000,
    randomCloseExplicitRatio: 0.2 + random.ratio() * 0.2,
    bitFlipEveryMs: 1_000 + random.ratio() * 30_000,
    bitFlipMinBits: 1,
    bitFlipMaxBits: 32,
    partialWriteEveryMs: 200 + random.ratio() * 10_000,
    partialWriteMaxBytes: random.range(100, 2_000),
    partialReadEveryMs: 200 + random.ratio() * 10_000,
    partialReadMaxBytes: random.range(100, 2_000),
    partialForMs: [50, 100 + random.ratio() * 1_900],
    datagramLossProbability: random.ratio() * 0.2,
    datagramDuplicateProbability: random.ratio() * 0.1,
    datagramReorderProbability: random.ratio() * 0.2,
  };
}
