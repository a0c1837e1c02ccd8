/** A line protocol of one's own on a hostile network: providers, and nothing else of Wavetank. */
import { isStorageError } from "wavetank/core";
import { SimulationBuilder } from "wavetank/sim";

import type { Mistakes } from "./mistakes.ts";
import { Player, port } from "./player.ts";
import { startScores } from "./scores.ts";

/** One to three servers, two players, and everything that can break. */
export function scoresSimulation(
  name: string,
  mistakes: Mistakes = {},
): SimulationBuilder {
  return (
    new SimulationBuilder(name)
      .processes("scores", { count: [1, 3] }, (ctx) =>
        startScores(ctx.providers, ctx.address(port), mistakes),
      )
      .workload(() => new Player())
      .workload(() => new Player())
      // Lines carry no checksum: a score that is flipped on the way is a score like any other.
      .chaos({
        network: "swarm",
        bitFlips: false,
        storage: "swarm",
        attrition: { maxDead: 1 },
      })
      // A server that cannot read its scores does not start; it is started again.
      .expectCrash(({ error }) => isStorageError(error))
      .phases({ chaosMs: 20_000 })
      .requireFaults("crash", "partition")
      .requireSometimes()
  );
}
