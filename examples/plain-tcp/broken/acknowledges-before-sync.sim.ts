/** A server that says done before its disk has. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { scoresSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = scoresSimulation(
  "acknowledges-before-sync",
  {
    acknowledgesBeforeSync: true,
  },
);
export default simulation;
