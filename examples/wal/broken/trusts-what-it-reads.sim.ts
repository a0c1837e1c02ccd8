/** A log that verifies no checksums. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { walSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = walSimulation("trusts-what-it-reads", {
  trustsWhatItReads: true,
});
export default simulation;
