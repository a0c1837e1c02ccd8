/** `npm start` runs this: the right bank, which must survive. */
import type { SimulationBuilder } from "wavetank/sim";

import { bankSimulation } from "./simulation.ts";

const simulation: SimulationBuilder = bankSimulation("bank");
export default simulation;
