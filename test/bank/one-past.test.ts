/** The bank under an invariant: what a crash changes of the past is seen at the event at which it is read again. */
import test from "ava";

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

test.serial(
  "a bank that acknowledges before it syncs is seen to change its past",
  async (t) => {
    const simulation = bankSimulation("bank", {
      acknowledgesBeforeSync: true,
    }).invariant(() => new OnePast());
    const report = await simulation.run({
      ...{ seeds: 100, base: 1, failuresMax: 3 },
    });
    const seen = report.failed.flatMap(({ failures }) =>
      failures.filter(({ kind }) => kind === "invariant"),
    );
    t.is(seen[0]?.message, "a bank has one past: what was written stays");
    t.deepEqual(Object.keys(seen[0]?.details ?? {}), [
      ...["place", "before", "requestId"],
    ]);
  },
);
