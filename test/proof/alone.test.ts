/** What one seed leaves behind for the next shows when the next is run alone. */
import { pathToFileURL } from "node:url";
import test from "ava";

import { callInFreshThread } from "../../src/node/index.ts";
import { seedsToIsolate } from "../../src/runner/proof-alone.ts";
import { formatReport, plainPaint } from "../../src/runner/index.ts";
import { failures } from "../runner/support.ts";
import { counter, load, places, plant, quiet } from "./plants.ts";

test("a function called in a fresh thread finds its module new every time", async (t) => {
  const call = (argument: unknown): Promise<unknown> =>
    callInFreshThread({ module: freshModule, name: "count", argument });
  t.is(await call("here"), 1);
  t.is(await call("here"), 1);
  await t.throwsAsync(() => call("throw"), { message: "asked to" });
  await t.throwsAsync(() => call("exit"), {
    message: "the thread ended with code 3 and no answer",
  });
});

const freshModule = new URL("./fresh-module.js", import.meta.url).href;

for (const place of places) {
  test.serial(
    `${counter.name} ${place} shows when a seed is run alone`,
    async (t) => {
      const planted = plant(counter, place);
      t.teardown(() => planted.remove());
      const module = pathToFileURL(planted.file).href;
      const report = await (
        await load(planted)
      ).run({ seeds: 3, base: 1, rerunShare: 0, alone: { module, seeds: 1 } });
      t.is(report.failed.length, 1);
      const [failed] = report.failed;
      t.is(failed?.seed, [...report.fingerprints.keys()][2]);
      t.regex(
        failures(report)[0] ?? "",
        /^nondeterminism: the seed takes another course alone \([0-9a-f]{16}\) than after others \([0-9a-f]{16}\): /,
      );
      const sides = failed?.divergence?.sides ?? [];
      t.deepEqual(
        sides.map(({ run }) => run),
        ["alone", "after others"],
      );
      for (const { operation } of sides) {
        t.is(operation?.site?.file, planted.culprit);
        t.is(operation?.site?.line, planted.line);
      }
      t.regex(sides[0]?.operation?.what ?? "", / for 0\.00[27] s$/);
    },
  );
}

test.serial("a seed that takes the same course alone is counted", async (t) => {
  const planted = plant(quiet, "in the process");
  t.teardown(() => planted.remove());
  const module = pathToFileURL(planted.file).href;
  const simulation = await load(planted);
  const report = await simulation.run({ seeds: 5, alone: { module } });
  t.true(report.success);
  t.deepEqual(report.alone, { seeds: 2, trouble: undefined });
  const one = await simulation.run({ seeds: 1, alone: { module } });
  t.deepEqual(one.alone, { seeds: 0, trouble: undefined });
});

test.serial(
  "a module that cannot be loaded alone is told, and fails nothing",
  async (t) => {
    const planted = plant(quiet, "in the process");
    t.teardown(() => planted.remove());
    const module = "file:///nowhere/at/all.js";
    const report = await (
      await load(planted)
    ).run({ seeds: 2, alone: { module } });
    t.true(report.success);
    t.regex(report.alone?.trouble ?? "", /Cannot find module/);
    t.regex(
      formatReport(report, { paint: plainPaint, file: undefined }),
      /\n! seeds could not be run alone: .*Cannot find module/,
    );
  },
);

test.serial(
  "a number of seeds to run alone that is none is refused",
  async (t) => {
    const planted = plant(quiet, "in the process");
    t.teardown(() => planted.remove());
    const simulation = await load(planted);
    for (const seeds of [-1, 0.5, NaN]) {
      await t.throwsAsync(
        () => simulation.run({ alone: { module: "", seeds } }),
        {
          message: /^\[bad_option\] alone\.seeds cannot be /,
        },
      );
    }
  },
);

test("seeds to run alone are spread over the run, the last one first, never the first", (t) => {
  const seeds = Array.from({ length: 10 }, (_, index) => index);
  t.deepEqual(seedsToIsolate(seeds, 0), []);
  t.deepEqual(seedsToIsolate(seeds, 1), [9]);
  t.deepEqual(seedsToIsolate(seeds, 2), [9, 4]);
  const all = seedsToIsolate(seeds, 99);
  t.is(all[0], 9);
  t.is(new Set(all).size, all.length);
  t.false(all.includes(0));
  t.deepEqual(seedsToIsolate([7], 2), []);
  t.deepEqual(seedsToIsolate([], 2), []);
});
