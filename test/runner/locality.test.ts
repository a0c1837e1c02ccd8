/** Clusters: data centres, zones and machines, and which process stands where. */
import test from "ava";

import {
  MachineRegistry,
  SimulationBuilder,
  type ClusterLayout,
  type SimContext,
  type Topology,
} from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import { succeeded, workload } from "./support.ts";

const nothing = (): void => undefined;

/** The topology of each seed of a cluster of servers. */
async function topologies(
  layout: Partial<ClusterLayout>,
  seeds: number,
): Promise<Topology[]> {
  const seen: Topology[] = [];
  const look = ({ topology }: SimContext): Promise<void> =>
    Promise.resolve(void seen.push(topology));
  const report = await new SimulationBuilder()
    .cluster(layout, { server: { start: nothing } })
    .workload(workload({ run: look }))
    .run({ seeds, base: 3 });
  succeeded(report);
  return seen;
}

const fixed = {
  dataCentres: 2,
  zonesPerDataCentre: 2,
  machinesPerZone: 1,
  processesPerMachine: 2,
};

test.serial("machines of a cluster are filled in order", async (t) => {
  const [topology] = await topologies(fixed, 1);
  t.deepEqual(
    topology?.processes.map(
      ({ name, locality }) =>
        `${name} ${locality?.dataCentre} ${locality?.zone} ${locality?.machine}`,
    ),
    [
      "server-0 dc1 dc1-z1 dc1-z1-m1",
      "server-1 dc1 dc1-z1 dc1-z1-m1",
      "server-2 dc1 dc1-z2 dc1-z2-m1",
      "server-3 dc1 dc1-z2 dc1-z2-m1",
      "server-4 dc2 dc2-z1 dc2-z1-m1",
      "server-5 dc2 dc2-z1 dc2-z1-m1",
      "server-6 dc2 dc2-z2 dc2-z2-m1",
      "server-7 dc2 dc2-z2 dc2-z2-m1",
    ],
  );
});

test.serial("the registry of machines answers who is where", async (t) => {
  const [topology] = await topologies(fixed, 1);
  const { machines } = topology as Topology;
  t.deepEqual(machines.machines, [
    "dc1-z1-m1",
    "dc1-z2-m1",
    "dc2-z1-m1",
    "dc2-z2-m1",
  ]);
  t.deepEqual(machines.zones, ["dc1-z1", "dc1-z2", "dc2-z1", "dc2-z2"]);
  t.deepEqual(machines.dataCentres, ["dc1", "dc2"]);
  t.deepEqual(machines.ipsOnMachine("dc1-z2-m1"), ["10.0.1.3", "10.0.1.4"]);
  t.deepEqual(machines.ipsInZone("dc2-z1"), ["10.0.1.5", "10.0.1.6"]);
  t.deepEqual(machines.ipsInDataCentre("dc1"), [
    "10.0.1.1",
    "10.0.1.2",
    "10.0.1.3",
    "10.0.1.4",
  ]);
  t.like(machines.localityOf("10.0.1.8"), { machine: "dc2-z2-m1" });
  t.is(machines.localityOf("10.9.9.9"), undefined);
});

test.serial("a layout of ranges is drawn with both ends", async (t) => {
  const range = [1, 2] as const;
  const layout = {
    dataCentres: range,
    zonesPerDataCentre: range,
    machinesPerZone: range,
    processesPerMachine: range,
  };
  const seen = await topologies(layout, 200);
  const sizes = new Map<string, number>();
  for (const { machines, processes } of seen) {
    const size = [
      machines.dataCentres.length,
      machines.zones.length / machines.dataCentres.length,
      machines.machines.length / machines.zones.length,
      processes.length / machines.machines.length,
    ].join();
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  }
  t.is(sizes.size, 16, "every combination of one and two");
});

test.serial(
  "several kinds share the machines of a cluster, and others stand outside",
  async (t) => {
    const places: string[] = [];
    const say = ({ name, locality, count }: SimContext): void => {
      places.push(`${name}/${count} ${locality?.machine ?? "elsewhere"}`);
    };
    const registries: MachineRegistry[] = [];
    const report = await new SimulationBuilder()
      .processes("gateway", {}, say)
      .cluster(
        { dataCentres: 2, processesPerMachine: 2 },
        {
          storage: { start: say },
          proxy: { start: say, processesPerMachine: 1 },
        },
      )
      .fault({
        name: "look",
        inject: ({ machines }) =>
          Promise.resolve(void registries.push(machines)),
      })
      .workload(workload())
      .run({ seeds: 1 });
    succeeded(report);
    t.deepEqual(places, [
      "gateway/1 elsewhere",
      "storage-0/4 dc1-z1-m1",
      "storage-1/4 dc1-z1-m1",
      "storage-2/4 dc2-z1-m1",
      "storage-3/4 dc2-z1-m1",
      "proxy-0/2 dc1-z1-m1",
      "proxy-1/2 dc2-z1-m1",
    ]);
    t.deepEqual(registries[0]?.groups("machine"), [
      { id: "10.0.1.1", ips: ["10.0.1.1"] },
      { id: "dc1-z1-m1", ips: ["10.0.1.2", "10.0.1.3", "10.0.1.6"] },
      { id: "dc2-z1-m1", ips: ["10.0.1.4", "10.0.1.5", "10.0.1.7"] },
    ]);
  },
);

test("a place that does not exist is refused with those that do", (t) => {
  const machines = new MachineRegistry([
    {
      ip: "10.0.1.1",
      locality: { dataCentre: "dc1", zone: "dc1-z1", machine: "dc1-z1-m1" },
    },
  ]);
  const error = t.throws(() => machines.ipsInDataCentre("dc2"));
  t.true(isSimulationError(error, "bad_option"));
  t.regex(error?.message ?? "", /no data centre "dc2" here, only dc1$/);
});

const start = nothing;
const server = { server: { start } };
const refused: [what: string, build: () => unknown, text: RegExp][] = [
  [
    "no data centre",
    () => new SimulationBuilder().cluster({ dataCentres: 0 }, server),
    /a cluster cannot have dataCentres 0/,
  ],
  [
    "a range that runs backwards",
    () => new SimulationBuilder().cluster({ machinesPerZone: [3, 1] }, server),
    /cannot have machinesPerZone \[3,1\]/,
  ],
  [
    "an option that does not exist",
    () => new SimulationBuilder().cluster({ zones: 1 } as object, server),
    /a cluster has no option "zones"/,
  ],
  [
    "no kind",
    () => new SimulationBuilder().cluster({}, {}),
    /a cluster needs a kind/,
  ],
  [
    "nobody on a machine",
    () =>
      new SimulationBuilder().cluster(
        {},
        { server: { start, processesPerMachine: 0 } },
      ),
    /process "server" cannot have processesPerMachine 0/,
  ],
  [
    "a second cluster",
    () =>
      new SimulationBuilder()
        .cluster({}, server)
        .cluster({}, { other: { start } }),
    /there is a cluster already/,
  ],
  [
    "a kind that there is already",
    () =>
      new SimulationBuilder()
        .processes("server", {}, start)
        .cluster({}, server),
    /there is a process "server" already/,
  ],
];
for (const [what, build, text] of refused) {
  test(`a cluster with ${what} is refused`, (t) => {
    const error = t.throws(build);
    t.true(isSimulationError(error, "bad_option"));
    t.regex(error?.message ?? "", text);
  });
}
