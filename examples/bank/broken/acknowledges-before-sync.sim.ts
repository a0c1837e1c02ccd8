/** A bank that says done before its disk has. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { bankSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = bankSimulation(
  "acknowledges-before-sync",
  { acknowledgesBeforeSync: true },
);
export default simulation;
