/** The built-in partitions: they happen, they last as long as was drawn, and they are healed. */
import test from "ava";

import {
  SimulationBuilder,
  type ChaosOptions,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { busyFor } from "./support.ts";
import { Watch, type Look } from "./watch.ts";

/** Thirty seeds of 30 s with three processes and a workload under this chaos. */
async function under(
  chaos: ChaosOptions,
): Promise<{ watch: Watch; report: SimulationReport }> {
  const watch = new Watch();
  const report = await new SimulationBuilder()
    .withoutChecks()
    .processes("server", { count: 3 }, () => undefined)
    .workload(busyFor(30_000))
    .fault(watch)
    .chaos(chaos)
    .phases({ chaosMs: 40_000 })
    .run({ seeds: 30, base: 31, rerunShare: 0 });
  return { watch, report };
}

test.serial(
  "partitions happen in every seed of a random network, and never last for ever",
  async (t) => {
    const { watch, report } = await under({
      network: "random",
      partitions: { direction: "two_way" },
    });
    t.true(report.success);
    t.true((report.faults.get("partition") ?? 0) > 150);
    t.is(watch.seeds.length, 30);
    for (const looks of watch.seeds) {
      t.true(
        looks.some(({ cutCount }) => cutCount > 0),
        "it is cut at times",
      );
      t.true(
        looks.some(({ cutCount }) => cutCount === 0),
        "it is whole at times",
      );
      t.true(
        looks.every(({ cutCount }) => [0, 3, 4].includes(cutCount)),
        "four machines in two groups",
      );
    }
  },
);

test.serial(
  "a cut and the pause after it last as long as they were drawn from",
  async (t) => {
    const { watch } = await under({
      network: "random",
      partitions: { pauseMs: [900, 1_000], durationMs: [300, 400] },
    });
    for (const looks of watch.seeds) {
      const stays = staysOf(looks);
      t.true(stays.length > 20);
      for (const { whole, lastedMs } of stays) {
        // A draw that puts everybody into one group cuts nothing, so a whole network may last for several rounds.
        if (whole) t.true(lastedMs >= 893, `whole for ${lastedMs}`);
        else t.true(lastedMs >= 293 && lastedMs <= 407, `cut for ${lastedMs}`);
      }
    }
  },
);

for (const [stabilityMs, leastMs] of [
  [2_000, 1_993],
  [0, 10],
] as const) {
  test.serial(
    `with a stability of ${stabilityMs} ms, the network stays as it is for ${leastMs} ms at least, and not much longer`,
    async (t) => {
      const often = { pauseMs: [10, 300], durationMs: [10, 300] } as const;
      const { watch, report } = await under({
        network: "random",
        partitions: { ...often, stabilityMs, direction: "two_way" },
      });
      t.true((report.faults.get("partition") ?? 0) > 100);
      const stays = watch.seeds.flatMap(staysOf);
      const shortest = Math.min(...stays.map(({ lastedMs }) => lastedMs));
      t.true(shortest >= leastMs - 7 && shortest < leastMs + 50, `${shortest}`);
    },
  );
}

for (const [what, chaos] of [
  ["the network is off", {}],
  ["partitions are switched off", { network: "random", partitions: false }],
] as const) {
  test.serial(`there are no partitions when ${what}`, async (t) => {
    const { watch, report } = await under(chaos);
    t.is(watch.most("cutCount"), 0);
    t.false(report.faults.has("partition"));
  });
}

for (const [direction, fault] of [
  ["send_only", "receive partition"],
  ["receive_only", "send partition"],
] as const) {
  test.serial(
    `partitions that are ${direction} stop one machine's way, and are healed`,
    async (t) => {
      const partitions = { direction, shape: "isolate_single" } as const;
      const { watch, report } = await under({ network: "random", partitions });
      t.true(report.success);
      t.true((report.faults.get(fault) ?? 0) > 100);
      t.false(report.faults.has("partition"));
      const cut = watch.seeds.flat().filter(({ cutCount }) => cutCount > 0);
      t.true(cut.length > 1_000 && cut.length < watch.seeds.flat().length / 2);
    },
  );
}

/** How long the network was whole or cut, from one change to the next, as far as looks every 7 ms can tell. */
function staysOf(
  looks: readonly Look[],
): { whole: boolean; lastedMs: number }[] {
  const changes = looks.filter(
    ({ cutCount }, at) =>
      at > 0 && cutCount > 0 !== (looks[at - 1]?.cutCount ?? 0) > 0,
  );
  return changes.flatMap(({ atMs, cutCount }, at) => {
    const before = changes[at - 1];
    // The end of chaos heals whatever is cut.
    if (before === undefined || atMs >= 30_000) return [];
    return { whole: cutCount > 0, lastedMs: atMs - before.atMs };
  });
}
