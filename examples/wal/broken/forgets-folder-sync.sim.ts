/** A log whose new segments may be gone after a crash. The simulation finds it. */
import type { SimulationBuilder } from "wavetank/sim";

import { walSimulation } from "../simulation.ts";

const simulation: SimulationBuilder = walSimulation("forgets-folder-sync", {
  forgetsFolderSync: true,
});
export default simulation;
