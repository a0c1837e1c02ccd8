/** A bank that applies a request again when it comes again. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { bankSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = bankSimulation("forgets-to-deduplicate", {
  forgetsToDeduplicate: true,
});
export default simulation;
