/** Every family of faults there is. A new one: a row in docs/faults.md, and one in the file below that fits. */
import { clockFamilies } from "./clocks.ts";
import { connectingFamilies } from "./connecting.ts";
import { connectionFamilies } from "./connections.ts";
import { datagramFamilies } from "./datagrams.ts";
import type { Family } from "./family.ts";
import { latencyFamilies } from "./latency.ts";
import { processFamilies } from "./processes.ts";
import { storageFamilies } from "./storage.ts";
import { wayFamilies } from "./ways.ts";

export const families: readonly Family[] = [
  ...latencyFamilies,
  ...connectingFamilies,
  ...wayFamilies,
  ...connectionFamilies,
  ...datagramFamilies,
  ...clockFamilies,
  ...processFamilies,
  ...storageFamilies,
];
