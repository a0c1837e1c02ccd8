/** What a run of many seeds does with each of them. */
import { assertAlways } from "../../src/assertions/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import {
  busyFor,
  echoes,
  echoPort,
  echoServer,
  failures,
  prints,
  talker,
  workload,
} from "../runner/support.ts";
import type { Defect } from "./defect.ts";

const never = (): Promise<void> => new Promise(() => undefined);

export const runnerDefects: readonly Defect[] = [
  {
    holds: "a check that throws fails the run",
    numbers: ["simulator 20"],
    check: async (t) => {
      const check = (): Promise<void> => Promise.reject(new Error("all wrong"));
      const report = await new SimulationBuilder()
        .workload(workload({ check }))
        .run({ seeds: 1 });
      t.true(failures(report).join().includes("all wrong"));
    },
    mutants: [
      {
        file: "runner/tracked",
        from: "this.#onError(name, error);",
        to: "",
      },
    ],
  },
  {
    holds: "a check talks to processes that are up",
    numbers: ["simulator 20"],
    check: async (t) => {
      const answers: boolean[] = [];
      const report = await new SimulationBuilder()
        .processes("echo", { count: 2 }, echoServer)
        .workload(
          busyFor(5_000, {
            check: async (ctx) => {
              for (const where of ctx.topology.addresses("echo", echoPort))
                answers.push(await echoes(ctx, where));
              assertAlways(true, "checked");
            },
          }),
        )
        .chaos({ attrition: { maxDead: 2 } })
        .run({ seeds: 5, base: 3 });
      t.deepEqual(failures(report), []);
      t.deepEqual(answers, new Array(10).fill(true));
    },
    mutants: [
      {
        file: "runner/story",
        from: 'phase.name = "check";',
        to: 'phase.name = "check"; this.#parts.cluster.stopAll(); for (let host = 1; host < 3; host += 1) this.#parts.world.kill(`10.0.1.${host}`);',
      },
    ],
  },
  {
    holds:
      "what was broken in chaos has the time to recover before it is judged",
    numbers: ["simulator 20", "simulator 25"],
    check: async (t) => {
      let worked = 0;
      const report = await new SimulationBuilder()
        .workload(
          workload({
            run: async ({ time }) => {
              for (; worked < 200; worked += 1) await time.sleep(100);
            },
          }),
        )
        .phases({ chaosMs: 1_000 })
        .run({ seeds: 1 });
      t.deepEqual(failures(report), []);
      t.is(worked, 200);
    },
    mutants: [
      {
        file: "runner/story",
        from: 'await this.#finish("run", working, recoveryMs);',
        to: 'await this.#finish("run", working, 0);',
      },
    ],
  },
  {
    holds: "an injector of one's own takes part in every seed",
    numbers: ["simulator 21"],
    check: async (t) => {
      let struck = 0;
      await new SimulationBuilder()
        .workload(busyFor(10))
        .fault({
          name: "mine",
          inject: () => {
            struck += 1;
            return Promise.resolve();
          },
        })
        .run({ seeds: 5 });
      t.is(struck, 5);
    },
    mutants: [
      {
        file: "runner/disturbance",
        from: "[...injectors, ",
        to: "[...injectors.splice(0), ",
      },
    ],
  },
  {
    holds: "an injector that throws fails the run",
    numbers: ["simulator 21"],
    check: async (t) => {
      const report = await new SimulationBuilder()
        .workload(busyFor(10))
        .fault({
          name: "mine",
          inject: () => Promise.reject(new Error("it slipped")),
        })
        .run({ seeds: 1 });
      t.true(failures(report).join().includes("it slipped"));
    },
    mutants: [
      {
        file: "runner/seed-run",
        from: 'this.#failures.threw("injector", name, error)',
        to: "undefined",
      },
    ],
  },
  {
    holds: "a workload that throws takes nobody from the next seeds",
    numbers: ["simulator 22"],
    check: async (t) => {
      const ran: string[] = [];
      const named = (name: string) =>
        workload({
          name,
          run: () => {
            ran.push(name);
            return name === "a" ? Promise.reject(new Error("a")) : never();
          },
        });
      await new SimulationBuilder()
        .workload(named("a"))
        .workload(named("b"))
        .phases({ chaosMs: 10, recoveryMs: 10 })
        .run({ seeds: 3 });
      // Each failed seed is run twice.
      t.deepEqual(ran, new Array(6).fill(["a", "b"]).flat());
    },
    mutants: [
      {
        file: "runner/seed-run",
        from: 'this.#failures.threw("workload", what, error)',
        to: '(this.#failures.threw("workload", what, error), plan.workloads.splice(0, 1))',
      },
    ],
  },
  {
    holds:
      "a seed in which somebody waits for ever is one failed seed, setup and check included",
    numbers: ["simulator 23"],
    check: async (t) => {
      for (const part of ["setup", "run", "check"] as const) {
        let seeds = 0;
        const report = await new SimulationBuilder()
          .workload(workload({ [part]: never }))
          .beforeIteration(() => {
            seeds += 1;
          })
          .phases({ chaosMs: 10, recoveryMs: 10, checkMs: 10 })
          .run({ seeds: 3 });
        t.is(report.failed.length, 3, part);
        t.is(report.fingerprints.size, 3);
        t.true(seeds >= 3);
      }
    },
    mutants: [
      {
        file: "runner/simulate",
        from: "if (tally.failedCount >= failuresMax)",
        to: "if (tally.failedCount >= 1)",
      },
    ],
  },
  {
    holds: "the first workload to finish stops nobody",
    numbers: ["simulator 24"],
    check: async (t) => {
      let worked = 0;
      const report = await new SimulationBuilder()
        .workload(workload())
        .workload(
          workload({
            name: "long",
            run: async (ctx) => {
              for (; !ctx.chaosOver && worked < 50; worked += 1)
                await ctx.time.sleep(100);
            },
          }),
        )
        .run({ seeds: 1 });
      t.deepEqual(failures(report), []);
      t.is(worked, 50);
    },
    mutants: [
      {
        file: "runner/tracked",
        from: "if (this.#pending.delete(name) && this.idle)",
        to: "if (this.#pending.delete(name))",
      },
    ],
  },
  {
    holds: "an injector's partition stops both ways, and its heal opens both",
    numbers: ["simulator 25", "network 11"],
    check: async (t) => {
      const seen: boolean[] = [];
      const report = await new SimulationBuilder()
        .processes("server", { count: 2 }, () => undefined)
        .workload(busyFor(1_000))
        .fault({
          name: "mine",
          inject: ({ partition, heal, isPartitioned, processIps }) => {
            const [a = "", b = ""] = processIps;
            const look = (): void =>
              void seen.push(isPartitioned(a, b), isPartitioned(b, a));
            partition(b, a);
            look();
            heal(a, b);
            look();
            return Promise.resolve();
          },
        })
        .run({ seeds: 1 });
      t.deepEqual(failures(report), []);
      t.deepEqual(seen, [true, true, false, false]);
    },
    mutants: [
      {
        file: "sim/network/sim-network",
        from: "const back = this.#cuts.raise({ from: right, to: left }, forMs);",
        to: "const back = false;",
      },
    ],
  },
  {
    holds:
      "a run without a seed says which it drew, and repeats from there, recipe included",
    numbers: ["simulator 26"],
    check: async (t) => {
      const simulation = (): SimulationBuilder =>
        new SimulationBuilder()
          .processes("echo", { count: 2 }, echoServer)
          .workload(talker())
          .chaos({ network: "swarm" })
          .phases({ chaosMs: 2_000 });
      const drawn = await simulation().run({ seeds: 3 });
      const base = drawn.base ?? -1;
      const again = await simulation().run({ seeds: 3, base });
      t.deepEqual(prints(again), prints(drawn));
      const steered = async (): Promise<string[]> =>
        prints(
          await simulation().run({
            seeds: [base],
            // A calm world draws little, and every world draws once.
            recipe: [{ count: 1, seed: 9 }],
          }),
        );
      const first = await steered();
      t.deepEqual(await steered(), first);
      t.false(first[0] === prints(drawn)[0], "a recipe leads elsewhere");
    },
    mutants: [
      {
        file: "runner/seeds",
        from: "const low = mix32(",
        to: "const low = mix32(Math.random() * 4294967296 + ",
      },
      {
        file: "sim/random",
        from: "this.#breakpoints = [...breakpoints];",
        to: "this.#breakpoints = [];",
      },
    ],
  },
];
