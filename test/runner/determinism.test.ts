/** The same seed takes the same course: again, after others, however promises are settled, and steered by a recipe. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import {
  formatReport,
  plainPaint,
  replayLine,
  SimulationBuilder,
  type RunOptions,
} from "../../src/runner/index.ts";
import { failures, prints, talker, echoServer } from "./support.ts";

/** A bit of everything: processes, reboots, partitions, disks. */
function busyWorld(
  check: () => void = () => assertAlways(true, "checked"),
): SimulationBuilder {
  return new SimulationBuilder("busy")
    .processes("echo", { count: [1, 3] }, async (ctx) => {
      await echoServer(ctx);
      const file = await ctx.storage.open("boots", {
        read: true,
        write: true,
        create: true,
      });
      await file.append(ctx.random.bytes(3));
      await file.sync();
    })
    .workload(talker({ check: () => Promise.resolve(check()) }))
    .workload(talker())
    .chaos({
      network: "swarm",
      storage: "swarm",
      ...{ ioErrors: false, fullDisks: false, syncFailures: false },
      attrition: { maxDead: 2, pauseMs: [100, 1_000] },
    })
    .phases({ chaosMs: 3_000 });
}

const courses = async (options: RunOptions): Promise<string[]> =>
  prints(await busyWorld().run(options));

test.serial(
  "the same seed twice has the same fingerprint, and other seeds have others",
  async (t) => {
    const [first, second] = [
      await courses({ seeds: 20, base: 3 }),
      await courses({ seeds: 20, base: 3 }),
    ];
    t.deepEqual(first, second);
    t.is(new Set(first).size, 20);
    for (const print of first) t.regex(print, /^[0-9a-f]{16}$/);
  },
);

test.serial(
  "a seed alone takes the course that it takes after others",
  async (t) => {
    const report = await busyWorld().run({ seeds: 6, base: 3 });
    for (const [seed, print] of [...report.fingerprints].slice(3)) {
      t.deepEqual(await courses({ seeds: [seed] }), [print]);
    }
    t.deepEqual(
      await courses({ seeds: [...report.fingerprints.keys()].toReversed() }),
      prints(report).toReversed(),
    );
  },
);

test.serial(
  "settling by turns of the event loop gives the same courses",
  async (t) => {
    const options = { seeds: 6, base: 12 };
    t.deepEqual(
      await courses({ ...options, settling: "barrier" }),
      await courses({ ...options, settling: "tick" }),
    );
  },
);

test.serial("a failed seed is run again and reported once", async (t) => {
  let checks = 0;
  const report = await busyWorld(() =>
    assertAlways((checks += 1) < 0, "never holds"),
  ).run({ seeds: [7] });
  t.is(checks, 2);
  t.deepEqual(failures(report), ["assertion: never holds"]);
  t.is(report.failed[0]?.fingerprint, prints(report)[0]);
  t.is(
    report.observations.find(({ message }) => message === "never holds")?.fails,
    1,
  );
});

test.serial(
  "a program that uses more than its providers is found out when its failure is run again",
  async (t) => {
    const report = await busyWorld(() => assertAlways(false, "never holds"))
      .processes("careless", {}, ({ time }) =>
        time.sleep(1_000 * Math.random()),
      )
      .run({ seeds: [7] });
    const [first, second, ...others] = report.failed[0]?.failures ?? [];
    t.deepEqual(others, []);
    t.like(first, { kind: "nondeterminism", atMs: 0 });
    t.regex(
      first?.message ?? "",
      /^the seed took another course when it was run again \([0-9a-f]{16}, then [0-9a-f]{16}\): /,
    );
    t.true(first?.message.includes(`(${prints(report)[0]}, then`));
    t.like(second, { kind: "assertion", message: "never holds" });
  },
);

test.serial(
  "a recipe steers a seed elsewhere, and the same recipe to the same place",
  async (t) => {
    const recipe = [{ count: 40, seed: 99 }];
    const [plain] = await courses({ seeds: [7] });
    const [steered] = await courses({ seeds: [7], recipe });
    t.not(steered, plain);
    t.deepEqual(await courses({ seeds: [7], recipe }), [steered as string]);
    for (const other of [
      { count: 41, seed: 99 },
      { count: 40, seed: 98 },
    ]) {
      t.notDeepEqual(await courses({ seeds: [7], recipe: [other] }), [
        steered as string,
      ]);
    }
  },
);

test.serial(
  "a recipe may have several steps, and one that lies behind the end changes nothing",
  async (t) => {
    const first = { count: 40, seed: 99 };
    const [once] = await courses({ seeds: [7], recipe: [first] });
    const [twice] = await courses({
      seeds: [7],
      recipe: [first, { count: 10, seed: 5 }],
    });
    t.not(twice, once);
    const behind = { count: 1_000_000, seed: 5 };
    t.deepEqual(
      await courses({ seeds: [7], recipe: [behind] }),
      await courses({ seeds: [7] }),
    );
    t.deepEqual(await courses({ seeds: [7], recipe: [first, behind] }), [
      once as string,
    ]);
  },
);

test.serial(
  "a steered failure says how to be steered there again",
  async (t) => {
    const recipe = [
      { count: 40, seed: 99 },
      { count: 10, seed: 5 },
    ];
    const report = await busyWorld(() =>
      assertAlways(false, "never holds"),
    ).run({ seeds: [7], recipe });
    const [failed] = report.failed;
    t.truthy(failed);
    if (failed === undefined) return;
    const line =
      'npx wavetank replay busy.sim.js --seed 7 --recipe "40@99 -> 10@5"';
    t.is(replayLine("busy.sim.js", failed), line);
    t.true(
      formatReport(report, { paint: plainPaint, file: "busy.sim.js" }).includes(
        `  replay: ${line}\n`,
      ),
    );
  },
);
