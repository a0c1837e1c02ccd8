/** Connections that break by themselves, each at a moment that is drawn when it is made. */
import type { RandomProvider } from "../../core/index.ts";
import type { ChaosConfiguration } from "./chaos-config.ts";
import type { Circuit, CloseKind } from "./circuit.ts";
import { exponential } from "./latency.ts";

const kinds: readonly CloseKind[] = ["graceful", "one_sided", "abortive"];

/** Let a new connection break after a drawn life, if connections do. */
export function breakByChance(
  circuit: Circuit,
  random: RandomProvider,
  config: Readonly<ChaosConfiguration>,
): void {
  const { randomCloseEveryMs, randomCloseExplicitRatio } = config;
  if (randomCloseEveryMs === 0) return;
  circuit.breakLater(exponential(random, randomCloseEveryMs), () => ({
    kind: random.pick(kinds),
    told: random.bool(randomCloseExplicitRatio),
    end: random.bool() ? "client" : "server",
  }));
}
