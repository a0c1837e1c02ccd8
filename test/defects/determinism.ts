/** What chance decides, and that nothing else does. */
import { assertAlways } from "../../src/assertions/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import {
  echoServer,
  failures,
  prints,
  talker,
  workload,
} from "../runner/support.ts";
import { ipA, worldOf } from "../sim/support.ts";
import type { Defect } from "./defect.ts";
import type { Breakpoint } from "../../src/sim/index.ts";

/** What two lives of a process draw, one after the other. */
async function twoLives(recipe: readonly Breakpoint[] = []): Promise<number[]> {
  const world = worldOf({ recipe });
  const drawn: number[] = [];
  for (let life = 0; life < 2; life += 1) {
    world.boot(ipA, ({ random }) => {
      for (let turn = 0; turn < 5; turn += 1) drawn.push(random.uint32());
    });
    await world.runUntilEmpty();
    world.kill(ipA);
    await world.runUntilEmpty();
  }
  world.end();
  return drawn;
}

/** The order in which those go who are due together, a hundred times. */
async function ties(recipe: readonly Breakpoint[]): Promise<string> {
  const world = worldOf({ tieBreak: "random", recipe });
  const order: number[] = [];
  await world.run(async () => {
    for (let turn = 0; turn < 100; turn += 1) {
      const sleeper = async (name: number): Promise<void> => {
        await world.time.sleep(1);
        order.push(name);
      };
      await Promise.all([1, 2, 3].map(sleeper));
    }
  });
  world.end();
  return order.join("");
}

export const determinismDefects: readonly Defect[] = [
  {
    holds:
      "a reboot repeats no draws, and returns to no seed from before a breakpoint",
    numbers: ["simulator 27"],
    check: async (t) => {
      const drawn = await twoLives();
      t.is(new Set(drawn).size, 10, "each draw is another");
      const [left, right] = [
        await twoLives([{ count: 3, seed: 8 }]),
        await twoLives([{ count: 3, seed: 9 }]),
      ];
      t.deepEqual(left.slice(0, 3), right.slice(0, 3));
      for (const at of [3, 4, 5, 6, 7, 8, 9])
        t.false(left[at] === right[at], `draw ${at}`);
    },
    mutants: [
      {
        file: "sim/handle",
        from: "`process ${incarnation.ip}#${incarnation.life}`",
        to: "`process ${incarnation.ip}`",
      },
      {
        file: "sim/random",
        from: "seedState(this.#draws.seed,",
        to: "seedState(1,",
      },
    ],
  },
  {
    holds: "the same seed strikes the same machines in the same order",
    numbers: ["simulator 28", "network 5"],
    check: async (t) => {
      const simulation = (): SimulationBuilder =>
        new SimulationBuilder()
          .processes("echo", { count: 5 }, echoServer)
          .workload(talker())
          .chaos({ network: "random", attrition: { maxDead: 3 } })
          .phases({ chaosMs: 20_000 });
      const first = prints(await simulation().run({ seeds: 5, base: 1 }));
      t.deepEqual(prints(await simulation().run({ seeds: 5, base: 1 })), first);
    },
    mutants: [
      {
        file: "runner/partitions",
        from: "const rest = [...ips];",
        to: "const rest = [...ips].sort(() => Math.random() - 0.5);",
      },
    ],
  },
  {
    holds: "a breakpoint changes who goes first, and not only what is drawn",
    numbers: ["simulator 29"],
    check: async (t) => {
      const [left, again, right] = [
        await ties([{ count: 150, seed: 8 }]),
        await ties([{ count: 150, seed: 8 }]),
        await ties([{ count: 150, seed: 9 }]),
      ];
      t.is(left, again);
      t.is(left.slice(0, 60), right.slice(0, 60));
      t.false(left === right);
    },
    mutants: [
      {
        file: "sim/engine",
        from: 'how === "random" ? this.stream("ties") : undefined',
        to: 'how === "random" ? { x: 7, draws: this.draws, uint32() { this.draws.count += 1; return (this.x = (Math.imul(this.x, 1664525) + 1013904223) >>> 0); } } : undefined',
      },
    ],
  },
  {
    holds: "a real clock or real chance in a step is told, with the place",
    numbers: ["simulator 30"],
    check: async (t) => {
      const report = await new SimulationBuilder()
        .workload(
          workload({
            run: async ({ time }) => {
              const real = Math.random() + Date.now();
              await time.sleep(real > 0 ? 1 : 2);
            },
          }),
        )
        .run({ seeds: 1, escapes: "error" });
      const told = failures(report).join("\n");
      t.true(told.includes("Math.random"), told);
      t.true(told.includes("Date.now"), told);
      t.true(told.includes("determinism"), told);
    },
    mutants: [
      {
        file: "runner/seed-run",
        from: "watchEscapes(listener)",
        to: "undefined",
      },
    ],
  },
  {
    holds: "a failed seed that takes another course the second time is told",
    numbers: ["simulator 30"],
    check: async (t) => {
      let runs = 0;
      const report = await new SimulationBuilder()
        .workload(
          workload({
            run: async ({ time }) => {
              runs += 1;
              await time.sleep(runs);
              assertAlways(false, "it fails");
            },
          }),
        )
        .run({ seeds: 1 });
      t.true(failures(report)[0]?.startsWith("nondeterminism") === true);
    },
    mutants: [
      {
        file: "runner/proof-rerun",
        from: "second.fingerprint === first.fingerprint",
        to: "true",
      },
    ],
  },
];
