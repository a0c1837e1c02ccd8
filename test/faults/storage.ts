/** Disks that are slow. */
import { OpenOptions } from "../../src/core/index.ts";
import { ipA } from "../sim/support.ts";
import { inWorld, type Family } from "./family.ts";

export const storageFamilies: readonly Family[] = [
  {
    fault: "slow disk",
    counted: [],
    live: (on) =>
      inWorld({ storage: on ? { syncMs: [200, 300] } : {} }, async (world) => {
        const { storage } = world.providers(ipA);
        const file = await storage.open("log", OpenOptions.openOrCreate);
        await file.append(new Uint8Array([1]));
        const startMs = world.nowMs;
        await file.sync();
        return world.nowMs - startMs >= 200;
      }),
  },
];
