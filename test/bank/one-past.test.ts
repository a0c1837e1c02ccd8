/** The bank under an invariant: what a crash changes of the past is seen at the event at which it is read again. */
import test from "ava";
import type { Failure, SimulationBuilder } from "wavetank/sim";

import { OnePast } from "../../examples/bank/one-past.ts";
import { bankSimulation } from "../../examples/bank/simulation.ts";
import watched from "../../examples/bank/watched.sim.ts";
import bank from "../../examples/bank/bank.sim.ts";

test.serial(
  "the right bank has one past, and being looked at changes none of its seeds",
  async (t) => {
    const seeds = 10;
    const report = await watched.run({ seeds, base: 1 });
    t.deepEqual(report.failed, []);
    const [onePast] = report.invariants;
    t.true((onePast?.observed ?? 0) > 500);
    const unwatched = await bank.run({ seeds, base: 1 });
    t.deepEqual(report.fingerprints, unwatched.fingerprints);
  },
);

/** The first violation in at most so many seeds. About one seed of six has one. */
async function firstViolation(
  simulation: SimulationBuilder,
  seedsMax: number,
): Promise<Failure | undefined> {
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const { failed } = await simulation.run({ seeds: [seed] });
    const failures = failed.flatMap((one) => one.failures);
    const found = failures.find(({ kind }) => kind === "invariant");
    if (found !== undefined) return found;
  }
  return undefined;
}

test.serial(
  "a bank that acknowledges before it syncs is seen to change its past within 60 seeds",
  async (t) => {
    const mistakes = { acknowledgesBeforeSync: true };
    const simulation = bankSimulation("bank", mistakes).invariant(
      () => new OnePast(),
    );
    const violation = await firstViolation(simulation, 60);
    t.is(violation?.message, "a bank has one past: what was written stays");
    t.deepEqual(Object.keys(violation?.details ?? {}), [
      ...["place", "before", "requestId"],
    ]);
  },
);
