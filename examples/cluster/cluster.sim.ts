/** `npx wavetank run dist/examples/cluster/cluster.sim.js` */
import type { SimulationBuilder } from "wavetank/sim";

import { clusterSimulation } from "./cluster.ts";

const simulation: SimulationBuilder = clusterSimulation();
export default simulation;
