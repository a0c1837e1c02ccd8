/** Which of the network's faults take part in a seed, and how strong they are. */
import type { RandomProvider } from "../core/index.ts";
import {
  randomNetworkForSeed,
  type NetworkConfiguration,
} from "../sim/index.ts";
import type { FamilyMask, FamilySwitches } from "./chaos-families.ts";

/** Families of faults that the network inflicts by itself, with the options of each. */
const families = {
  latency: ["latencyMs"],
  refusals: ["refuseProbability"],
  hangs: ["hangProbability"],
  distance: ["pairLatencyMs"],
  asymmetry: ["asymmetricLatencyMs"],
  bandwidth: ["bytesPerSecond"],
  randomCloses: ["randomCloseEveryMs", "randomCloseExplicitRatio"],
  bitFlips: ["bitFlipEveryMs"],
  partialWrites: [
    "partialWriteEveryMs",
    "partialWriteMaxBytes",
    "partialForMs",
  ],
  partialReads: ["partialReadEveryMs", "partialReadMaxBytes", "partialForMs"],
  datagrams: [
    "datagramLossProbability",
    "datagramDuplicateProbability",
    "datagramReorderProbability",
  ],
} as const satisfies Partial<
  Record<keyof FamilySwitches, readonly (keyof NetworkConfiguration)[]>
>;

/** What differs from seed to seed whichever family takes part: none of it is a fault. */
const always: readonly (keyof NetworkConfiguration)[] = [
  ...(["bindMs", "acceptMs", "readMs", "connectMs"] as const),
  ...(["resetAfterMs", "windowBytes"] as const),
];

/** Draw a network for one seed, and keep of it what belongs to families that `keeps` says take part. */
export function drawNetwork(
  random: RandomProvider,
  keeps: FamilyMask,
): Partial<NetworkConfiguration> {
  const drawn = randomNetworkForSeed(random);
  const names = Object.keys(families) as (keyof typeof families)[];
  const kept = names.filter(keeps);
  const options = [...always, ...kept.flatMap((family) => families[family])];
  return Object.fromEntries(options.map((option) => [option, drawn[option]]));
}
