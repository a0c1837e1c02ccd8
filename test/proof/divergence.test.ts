/** Where two runs of a seed part: found at the right operation, and told in words. */
import test from "ava";

import {
  findDivergence,
  firstDifference,
  type Repeatable,
} from "../../src/runner/divergence.ts";
import { isInShare } from "../../src/runner/proof-rerun.ts";
import {
  formatReport,
  plainPaint,
  SimulationBuilder,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { EventLog, SimWorld, type Operation } from "../../src/sim/index.ts";
import { busyFor, failures, workload } from "../runner/support.ts";
import { counter, load, places, plant } from "./plants.ts";
import { runIn } from "./support.ts";

for (const place of places) {
  test.serial(
    `${counter.name} ${place} makes runs part at its line`,
    async (t) => {
      const planted = plant(counter, place);
      t.teardown(() => planted.remove());
      const report = await (
        await load(planted)
      ).run({ seeds: 3, base: 1, rerunShare: 1 });
      t.is(report.failed.length, 3);
      const [failed] = report.failed;
      t.regex(
        failed?.failures[0]?.message ?? "",
        /^the seed took another course when it was run again /,
      );
      const sides = failed?.divergence?.sides ?? [];
      t.is(sides.length, 2);
      for (const { operation } of sides) {
        t.like(operation, { kind: "schedule", owner: "10.0.1.1" });
        t.is(operation?.site?.file, planted.culprit);
        t.is(operation?.site?.line, planted.line);
      }
      t.not(sides[0]?.operation?.what, sides[1]?.operation?.what);
    },
  );
}

/** A process that does something different in every life of the program. */
function drifting(
  differ: (count: number) => Parameters<SimulationBuilder["processes"]>[2],
): Promise<SimulationReport> {
  let count = 0;
  return new SimulationBuilder("drifting")
    .withoutChecks()
    .processes("drifter", {}, (ctx) => differ((count += 1))(ctx))
    .workload(busyFor(100))
    .run({ seeds: [1], rerunShare: 1 });
}

function toldOf(report: SimulationReport): (string | undefined)[] {
  const { sides } = report.failed[0]?.divergence ?? { sides: [] };
  return sides.map(({ operation }) =>
    operation?.what.replace(/\d+(?=[ :])/, "N"),
  );
}

test.serial("the report tells both sides, with names and times", async (t) => {
  const report = await drifting((count) => async ({ time }) => {
    await time.sleep(10);
    await time.sleep(count);
  });
  const text = formatReport(report, { paint: plainPaint, file: undefined });
  t.regex(
    text,
    /\n {2}the runs part after \d+ operations that are alike:\n {4}one time: event \d+, 10\.0\.1\.1 timer sleep at 0\.010 s, schedules timer sleep for 0\.015 s {2}at \S+divergence\.test\.[jt]s:\d+:\d+\n {4}another: event \d+, 10\.0\.1\.1 timer sleep at 0\.010 s, schedules timer sleep for 0\.016 s {2}at /,
  );
  const [failure] = report.failed[0]?.failures ?? [];
  t.is(failure?.kind, "nondeterminism");
  t.is(failure?.atMs, 10);
});

test.serial("a draw too many is told by its stream", async (t) => {
  const report = await drifting((count) => async ({ time, random }) => {
    for (let draws = 0; draws < count % 3; draws += 1) random.uint32();
    await time.sleep(1);
  });
  t.true(
    toldOf(report).some((what) =>
      /^draws N from "process 10\.0\.1\.1#1"$/.test(what ?? ""),
    ),
  );
});

test.serial("other bytes on a disk are told by their digest", async (t) => {
  const report = await drifting((count) => async ({ storage }) => {
    const file = await storage.open("file", { write: true, create: true });
    await file.append(new Uint8Array([count]));
  });
  t.regex(
    toldOf(report).join(),
    /^writes N bytes, digest [0-9a-f]{8},writes N bytes, digest [0-9a-f]{8}$/,
  );
});

test.serial("a run that ends earlier is told as that", async (t) => {
  const report = await drifting((count) => ({ time }) => {
    for (let timers = 0; timers < count; timers += 1)
      time.schedule(1_000_000, () => undefined);
  });
  t.is(report.failed.length, 1);
});

test.serial(
  "a healthy program run twice is healthy, and counted",
  async (t) => {
    const report = await runIn(({ time }) => time.sleep(1), { rerunShare: 1 });
    t.true(report.success);
    t.is(report.runAgain, 1);
  },
);

test.serial(
  "every twentieth seed is run twice, unless told otherwise",
  async (t) => {
    const simulation = new SimulationBuilder()
      .withoutChecks()
      .workload(workload());
    t.is((await simulation.run({ seeds: 45 })).runAgain, 2);
    t.is((await simulation.run({ seeds: 45, rerunShare: 0 })).runAgain, 0);
    t.is((await simulation.run({ seeds: 45, rerunShare: 0.5 })).runAgain, 22);
    t.is((await simulation.run({ seeds: 45, rerunShare: 1 })).runAgain, 45);
    t.deepEqual(
      Array.from({ length: 60 }, (_, index) => index).filter((index) =>
        isInShare(index, 0.05),
      ),
      [19, 39, 59],
    );
    for (const rerunShare of [-0.1, 1.1, NaN]) {
      await t.throwsAsync(() => simulation.run({ rerunShare }), {
        message: /^\[bad_option\] rerunShare cannot be /,
      });
    }
  },
);

test.serial(
  "a seed that is judged otherwise on the same course is found out",
  async (t) => {
    let checks = 0;
    const report = await new SimulationBuilder()
      .withoutChecks()
      .workload(
        workload({
          check: () =>
            (checks += 1) === 1
              ? Promise.reject(new Error("only once"))
              : Promise.resolve(),
        }),
      )
      .run({ seeds: [1] });
    t.deepEqual(
      failures(report).map((text) => text.slice(0, 60)),
      [
        "nondeterminism: the seed took the same course when it was ru",
        "workload: work.check: Error: only once",
      ],
    );
  },
);

test("firstDifference is the first index at which two rows differ", (t) => {
  const row = Uint32Array.from({ length: 50 }, (_, index) => index);
  t.is(firstDifference(row, row.slice()), undefined);
  for (let index = 0; index < row.length; index += 1) {
    const other = row.slice();
    other.fill(1_000, index);
    t.is(firstDifference(row, other), index);
    t.is(firstDifference(row, row.slice(0, index)), index);
    t.is(firstDifference(row.slice(0, index), row), index);
  }
});

/** Runs whose numbers are these, one after the other. */
function scripted(name: string, rows: number[][]): Repeatable {
  return {
    name,
    run: (pick) => {
      const row = rows.shift() ?? [];
      const picked = { what: `${pick}: ${row[pick]}` } as Operation;
      return Promise.resolve({ hashes: Uint32Array.from(row), picked });
    },
  };
}

test("findDivergence goes on until it has heard of the place where the runs part", async (t) => {
  const found = await findDivergence(
    scripted("left", [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]),
    scripted("right", [
      [1, 2, 4],
      [1, 5, 4],
      [1, 6, 4],
    ]),
  );
  t.is(found?.alike, 1);
  t.deepEqual(
    found?.sides.map(({ run, operation }) => `${run} ${operation?.what}`),
    ["left 1: 2", "right 1: 6"],
  );
});

test("findDivergence finds nothing where there is nothing", async (t) => {
  const rows = [
    [1, 2],
    [1, 2],
  ];
  t.is(
    await findDivergence(scripted("a", rows), scripted("b", rows)),
    undefined,
  );
});

test.serial(
  "a log sees each event, scheduling, draw and payload, and changes nothing",
  async (t) => {
    const run = async (log?: EventLog): Promise<string> => {
      const world = new SimWorld({ seed: 3, ...(log && { log }) });
      const { time, random, storage } = world.providers("10.0.0.1");
      await world.run(async () => {
        await time.sleep(random.range(1, 9));
        const file = await storage.open("f", { write: true, create: true });
        await file.append(random.bytes(4));
      });
      return world.fingerprint;
    };
    const log = new EventLog();
    t.is(await run(log), await run());
    const again = new EventLog();
    await run(again);
    t.deepEqual(again.hashes, log.hashes);
    const kinds = new Set<string>();
    for (let pick = 0; pick < log.hashes.length; pick += 1) {
      const picking = new EventLog(pick);
      await run(picking);
      kinds.add(picking.picked?.kind ?? "none");
    }
    t.deepEqual([...kinds].toSorted(), ["bytes", "draw", "fire", "schedule"]);
    t.is(new EventLog(log.hashes.length).picked, undefined);
  },
);
