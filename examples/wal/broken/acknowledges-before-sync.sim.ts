/** A log that acknowledges what is not durable yet. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { walSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = walSimulation(
  "acknowledges-before-sync",
  {
    acknowledgesBeforeSync: true,
  },
);
export default simulation;
