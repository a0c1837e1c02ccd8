/** A server that believes that what was sent in one piece arrives in one. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { scoresSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = scoresSimulation(
  "takes-reads-for-lines",
  {
    takesReadsForLines: true,
  },
);
export default simulation;
