/** A bank that starts from nothing after a reboot. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { bankSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = bankSimulation("forgets-its-journal", {
  forgetsItsJournal: true,
});
export default simulation;
