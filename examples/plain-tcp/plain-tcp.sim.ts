/** The right scores, which must survive. */
import type { SimulationBuilder } from "wavetank/sim";

import { scoresSimulation } from "./simulation.ts";

const simulation: SimulationBuilder = scoresSimulation("plain-tcp");
export default simulation;
