/** The bank, looked at after every event. */
import type { SimulationBuilder } from "wavetank/sim";

import { OnePast } from "./one-past.ts";
import { bankSimulation } from "./simulation.ts";

const simulation: SimulationBuilder = bankSimulation("bank").invariant(
  () => new OnePast(),
);
export default simulation;
