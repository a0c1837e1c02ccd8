/** Who lives, who is dead, and what is left of either. */
import { assertAlways } from "../../src/assertions/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import { busyFor, failures } from "../runner/support.ts";
import { connect, ipA, watch, worldOf } from "../sim/support.ts";
import type { Defect } from "./defect.ts";

export const processDefects: readonly Defect[] = [
  {
    holds: "a cancelled wait leaves no event, and drives no clock",
    numbers: ["simulator 14"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { time } = world.providers(ipA);
        const controller = new AbortController();
        const { signal } = controller;
        const sleeping = time.sleep(60_000, { signal }).catch(() => undefined);
        const pending = world.pending;
        controller.abort();
        await sleeping;
        t.is(world.pending, pending - 1);
      });
      await world.runUntilEmpty();
      t.true(world.nowMs < 1_000);
    },
    mutants: [
      {
        file: "sim/engine",
        from: "this.queue.cancel(handle);",
        to: "",
      },
    ],
  },
  {
    holds: "nothing is kept of a connection that both ends have closed",
    numbers: ["simulator 14", "network 9"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        t.is(world.network.circuits.length, 1);
        client.close();
        server.close();
        await world.time.sleep(1_000);
        t.is(world.network.circuits.length, 0);
      });
    },
    mutants: [
      {
        file: "sim/network/sim-network",
        from: "onOver: (over) => this.#circuits.delete(over)",
        to: "onOver: () => undefined",
      },
    ],
  },
  {
    holds: "a killed process does nothing from that instant on",
    numbers: ["simulator 15", "network 3"],
    check: async (t) => {
      const world = worldOf();
      let lines = 0;
      world.boot(ipA, async ({ time }) => {
        for (;;) {
          await time.sleep(10);
          lines += 1;
        }
      });
      await world.run(async () => {
        await world.time.sleep(95);
        world.kill(ipA);
        await world.time.sleep(1_000);
      });
      t.is(lines, 9);
    },
    mutants: [
      {
        file: "sim/machines",
        from: "this.#parts.engine.queue.cancelAll(incarnation);",
        to: "",
      },
    ],
  },
  {
    holds: "tasks that a process started die with it",
    numbers: ["simulator 16"],
    check: async (t) => {
      const world = worldOf();
      let lines = 0;
      world.boot(ipA, ({ tasks, time }) => {
        tasks.spawn("sub-task", async () => {
          for (;;) {
            await tasks.yieldNow();
            lines += 1;
            if (lines % 10 === 0) await time.sleep(1);
          }
        });
      });
      await world.runUntil(() => lines === 55);
      world.kill(ipA);
      await world.runUntilEmpty();
      t.is(lines, 55);
    },
    mutants: [
      {
        file: "sim/tasks",
        from: "handle.engine.schedule(0, handle.incarnation,",
        to: "handle.engine.schedule(0, handle.engine.root,",
      },
    ],
  },
  {
    holds: "a process that throws fails the run",
    numbers: ["simulator 17"],
    check: async (t) => {
      const report = await new SimulationBuilder()
        .processes("server", {}, async ({ time }) => {
          await time.sleep(10);
          throw new Error("out of luck");
        })
        .workload(busyFor(100))
        .run({ seeds: 1 });
      t.false(report.success);
      t.true(failures(report).join().includes("out of luck"));
    },
    mutants: [
      {
        file: "runner/seed-run",
        from: "if (!this.#plan.expectedCrash(crash))",
        to: "if (false)",
      },
    ],
  },
  {
    holds: "who is down cannot be taken down again, and counts as dead once",
    numbers: ["simulator 18"],
    check: async (t) => {
      let boots = 0;
      const seen: unknown[] = [];
      const report = await new SimulationBuilder()
        .processes("server", {}, () => {
          boots += 1;
        })
        .workload(busyFor(30_000))
        .fault({
          name: "twice",
          async inject(ctx) {
            const [ip = ""] = ctx.processIps;
            await ctx.time.sleep(100);
            seen.push(ctx.reboot(ip, "graceful"), ctx.reboot(ip, "crash"));
            seen.push(ctx.deadCount);
            await ctx.time.sleep(20_000);
            seen.push(ctx.deadCount, ctx.isAlive(ip));
          },
        })
        .phases({ chaosMs: 31_000 })
        .run({ seeds: [5] });
      t.deepEqual(failures(report), []);
      t.deepEqual(seen, [true, false, 1, 0, true]);
      t.is(boots, 2);
      t.deepEqual([...report.faults], [["graceful stop", 1]]);
    },
    mutants: [
      {
        file: "runner/cluster",
        from: 'if (running?.state !== "up")',
        to: "if (running === undefined)",
        also: {
          file: "runner/process-faults",
          from: "const alive = ips.filter((ip) => cluster.isAlive(ip));",
          to: "const alive = ips;",
        },
      },
      {
        file: "runner/cluster",
        from: 'if (state !== "up")',
        to: 'if (state === "down")',
      },
    ],
  },
  {
    holds: "a world has processes of several kinds, and more than 254 of one",
    numbers: ["simulator 19"],
    check: async (t) => {
      const ips = new Set<string>();
      const kinds = new Set<string>();
      const report = await new SimulationBuilder()
        .processes("many", { count: 600 }, async ({ ip, network }) => {
          ips.add(ip);
          await network.bind(`${ip}:80`);
        })
        .processes("few", { count: 2 }, ({ ip, name }) => {
          ips.add(ip);
          kinds.add(name);
        })
        .workload(() => ({
          name: "dial",
          async run({ network, time, topology }) {
            await time.sleep(100);
            const last = topology.addresses("many", 80).at(-1) ?? "";
            (await network.connect(last)).close();
            assertAlways(true, "the last one is reached");
          },
        }))
        .run({ seeds: 1 });
      t.deepEqual(failures(report), []);
      t.is(ips.size, 602);
      t.is(kinds.size, 2);
    },
    mutants: [
      {
        file: "runner/topology",
        from: "return `10.0.${1 + Math.floor(index / hostsPerNetwork)}.${1 + (index % hostsPerNetwork)}`;",
        to: "return `10.0.1.${1 + index}`;",
      },
    ],
  },
  {
    holds: "who was never told hears of it when all is calm",
    numbers: ["network 13"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { server } = await connect(world);
        const [circuit] = world.network.circuits;
        circuit?.close({ kind: "one_sided", told: false });
        const reading = server.read();
        const told = watch(reading);
        await world.time.sleep(600_000);
        t.false(told.settled, "nobody says anything");
        world.calm();
        await reading.catch(() => undefined);
        t.true(told.settled);
      });
    },
    mutants: [
      {
        file: "sim/network/circuit",
        from: "for (const end of [...this.#ends])",
        to: "for (const end of [])",
      },
    ],
  },
];
