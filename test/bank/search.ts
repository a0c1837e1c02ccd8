/** Looking for the planted mistakes of the bank. */
import forgetsItsJournal from "../../examples/bank/broken/forgets-its-journal.sim.ts";
import forgetsToDeduplicate from "../../examples/bank/broken/forgets-to-deduplicate.sim.ts";
import acknowledgesBeforeSync from "../../examples/bank/broken/acknowledges-before-sync.sim.ts";
import type {
  FailedSeed,
  Failure,
  SimulationBuilder,
} from "../../src/runner/index.ts";

/** The three broken banks, and what each may be caught at. */
export const brokenBanks: readonly {
  simulation: SimulationBuilder;
  caughtAt: readonly string[];
}[] = [
  { simulation: forgetsToDeduplicate, caughtAt: ["nothing is applied twice"] },
  {
    simulation: acknowledgesBeforeSync,
    caughtAt: [
      "an account that was opened stays",
      "acknowledged means applied once",
      "no account is overdrawn",
    ],
  },
  {
    simulation: forgetsItsJournal,
    caughtAt: [
      "an account that was opened stays",
      "acknowledged means applied once",
    ],
  },
];

/** The first seed of at most a hundred that fails, and how many it took. */
export async function search(
  simulation: SimulationBuilder,
  base: number,
): Promise<{ failed: FailedSeed | undefined; seeds: number }> {
  const report = await simulation.run({ seeds: 100, base, failuresMax: 1 });
  return { failed: report.failed[0], seeds: report.fingerprints.size };
}

/** What of a failure is the same in every replay. */
export function essence({
  kind,
  message,
  count,
  atMs,
  event,
  details,
}: Failure): Omit<Failure, "stack"> {
  return { kind, message, count, atMs, event, details };
}
