/** The three wrong logs, and what each may be caught at. */
import acknowledgesBeforeSync from "../../examples/wal/broken/acknowledges-before-sync.sim.ts";
import forgetsFolderSync from "../../examples/wal/broken/forgets-folder-sync.sim.ts";
import trustsWhatItReads from "../../examples/wal/broken/trusts-what-it-reads.sim.ts";
import type { SimulationBuilder } from "../../src/runner/index.ts";

export const brokenLogs: readonly {
  simulation: SimulationBuilder;
  caughtAt: string;
}[] = [
  { simulation: acknowledgesBeforeSync, caughtAt: "no record is lost" },
  { simulation: forgetsFolderSync, caughtAt: "no record is lost" },
  { simulation: trustsWhatItReads, caughtAt: "no record is made up" },
];

/** What disks must have done to a log that survives, for that to mean anything. */
export const losses: readonly string[] = [
  ...["dropped write", "torn sector", "lost metadata", "failed sync"],
];
