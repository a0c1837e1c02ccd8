/** The right log, which must survive. */
import type { SimulationBuilder } from "wavetank/sim";

import { walSimulation } from "./simulation.ts";

const simulation: SimulationBuilder = walSimulation("wal");
export default simulation;
