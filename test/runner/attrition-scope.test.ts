/** Attrition of whole machines, zones and data centres, and of some processes only. */
import test from "ava";

import {
  SimulationBuilder,
  type Attrition,
  type FaultInjector,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import { busyFor, failures, succeeded } from "./support.ts";
import { Watch } from "./watch.ts";

const busy = { pauseMs: [10, 200], recoveryMs: [100, 2_000] } as const;

/** Twelve processes: two data centres with two zones each, in each zone a machine of three; and one outside. */
function cluster(watch: Watch): SimulationBuilder {
  const { beat: start } = watch;
  return new SimulationBuilder()
    .cluster(
      { dataCentres: 2, zonesPerDataCentre: 2 },
      {
        store: { start, processesPerMachine: 2, tags: { half: ["x", "y"] } },
        proxy: { start },
      },
    )
    .workload(busyFor(10_000))
    .fault(watch);
}

/** Who was down at once, as sorted names, seen every few milliseconds. */
class Groups implements FaultInjector {
  readonly name = "groups";
  readonly seen = new Set<string>();

  async inject({
    time,
    topology,
    isAlive,
    chaosShutdown,
  }: Parameters<FaultInjector["inject"]>[0]): Promise<void> {
    while (!chaosShutdown.aborted) {
      await time.sleep(5);
      const down = topology.processes.filter(({ ip }) => !isAlive(ip));
      if (down.length > 0) this.seen.add(down.map(({ name }) => name).join());
    }
  }
}

async function under(
  attrition: Partial<Attrition>,
): Promise<{ watch: Watch; groups: Groups; report: SimulationReport }> {
  const watch = new Watch();
  const groups = new Groups();
  const report = await cluster(watch)
    .fault(groups)
    .chaos({ attrition: { ...busy, graceful: 0, ...attrition } })
    .run({ seeds: 20, base: 5 });
  succeeded(report);
  return { watch, groups, report };
}

const limits: [scope: Attrition["scope"], maxDead: number, most: number][] = [
  ["process", 2, 2],
  ["machine", 3, 3],
  ["machine", 5, 3],
  ["machine", 6, 6],
  ["zone", 4, 3],
  ["data_centre", 11, 6],
  ["data_centre", 12, 12],
];
for (const [scope, maxDead, most] of limits) {
  test.serial(
    `attrition by ${scope} with maxDead ${maxDead} takes ${most} down at times, and never more`,
    async (t) => {
      const { watch } = await under({ scope, maxDead });
      t.is(watch.most("deadCount"), most);
      t.is(watch.most("silentCount"), most);
    },
  );
}

test.serial(
  "attrition by machine takes all of its processes, and only them",
  async (t) => {
    const { groups } = await under({ scope: "machine", maxDead: 3 });
    t.deepEqual([...groups.seen].toSorted(), [
      "store-0,store-1,proxy-0",
      "store-2,store-3,proxy-1",
      "store-4,store-5,proxy-2",
      "store-6,store-7,proxy-3",
    ]);
  },
);

test.serial("who is outside of the cluster falls alone", async (t) => {
  const groups = new Groups();
  const report = await new SimulationBuilder()
    .processes("gateway", {}, () => undefined)
    .cluster({ processesPerMachine: 2 }, { p: { start: () => undefined } })
    .workload(busyFor(10_000))
    .fault(groups)
    .chaos({ attrition: { ...busy, scope: "zone", maxDead: 2 } })
    .run({ seeds: 5, base: 1 });
  succeeded(report);
  t.deepEqual([...groups.seen].toSorted(), ["gateway", "p-0,p-1"]);
});

const victims: [what: string, victims: Attrition["victims"], names: RegExp][] =
  [
    ["one kind", { kinds: ["proxy"] }, /^proxy-[0-3]$/],
    ["a label", { tags: { half: "y" } }, /^store-[1357]$/],
    [
      "a kind and a label",
      { kinds: ["store", "proxy"], tags: { half: "x" } },
      /^store-[0246]$/,
    ],
  ];
for (const [what, chosen, names] of victims) {
  test.serial(
    `attrition with victims of ${what} spares the rest`,
    async (t) => {
      const { groups } = await under({ victims: chosen });
      t.is(groups.seen.size, 4);
      for (const down of groups.seen) t.regex(down, names);
    },
  );
}

test.serial("a share of the dead stays down until chaos is over", async (t) => {
  const { watch, report } = await under({ maxDead: 2, stayDownRatio: 1 });
  t.is(
    report.faults.get("crash"),
    20 * 2,
    "two in each seed, and no room for a third",
  );
  for (const looks of watch.seeds) {
    const down = looks.findIndex(({ deadCount }) => deadCount === 2);
    t.true(down > 0);
    t.true(looks.slice(down, -1).every(({ deadCount }) => deadCount === 2));
  }
});

const refused: [what: string, attrition: Partial<Attrition>, text: RegExp][] = [
  [
    "maxDead below the smallest group",
    { scope: "zone", maxDead: 2 },
    /takes a whole zone down, which is 3 processes or more, so maxDead 2 never lets it/,
  ],
  [
    "maxDead below the smallest data centre",
    { scope: "data_centre", maxDead: 5 },
    /a whole data centre down, which is 6 processes or more/,
  ],
  [
    "victims of which there is only a part on each machine",
    { scope: "machine", maxDead: 12, victims: { kinds: ["proxy"] } },
    /spares every machine, because on each there is a kind that is none/,
  ],
  [
    "a kind that does not exist",
    { victims: { kinds: ["porxy"] } },
    /attrition names the kind "porxy", which no process has/,
  ],
  [
    "a label that nobody has",
    { victims: { tags: { half: "z" } } },
    /attrition names the tag half=z, which no process has/,
  ],
  [
    "a condition that does not exist",
    { victims: { kind: "proxy" } as Attrition["victims"] },
    /attrition has no option "kind"/,
  ],
];
for (const [what, attrition, text] of refused) {
  test.serial(
    `attrition with ${what} is refused before the first seed`,
    async (t) => {
      const watch = new Watch();
      const error = await t.throwsAsync(
        cluster(watch).chaos({ attrition }).run({ seeds: 1 }),
      );
      t.true(isSimulationError(error, "bad_option"));
      t.regex(error?.message ?? "", text);
      t.is(watch.seeds.length, 0);
    },
  );
}

test.serial(
  "attrition by zone of a cluster whose size is drawn fits what was drawn",
  async (t) => {
    const groups = new Groups();
    const report = await new SimulationBuilder()
      .cluster(
        { dataCentres: 2, machinesPerZone: [1, 2] },
        { p: { start: () => undefined } },
      )
      .workload(busyFor(10_000))
      .fault(groups)
      .chaos({ attrition: { ...busy, scope: "zone", maxDead: 1 } })
      .run({ seeds: 20, base: 2 });
    t.deepEqual(failures(report), []);
    t.deepEqual(
      [...groups.seen].toSorted(),
      ["p-0", "p-1"],
      "zones of two are too large",
    );
  },
);
