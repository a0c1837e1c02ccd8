/** The same processes and workloads on real clocks, sockets and files. */
import test from "ava";
import { OpenOptions } from "wavetank/core";
import { nodeProviders } from "wavetank/node";
import {
  assertAlways,
  assertSometimes,
  buggify,
  formatNodeReport,
  isSimulationError,
  NodeRunner,
  plainPaint,
  SimulationBuilder,
  stateKey,
  type NodeRunnerOptions,
  type SimContext,
} from "wavetank/sim";

import { bankSimulation } from "../../examples/bank/simulation.ts";
import { hurried, nodeFailures, onNode } from "./node-support.ts";
import { echoes, echoPort, echoServer, workload } from "./support.ts";

const forever = (): Promise<never> => new Promise<never>(() => undefined);

test.serial(
  "NodeRunner runs the bank and its workload on real sockets and files, and they pass",
  async (t) => {
    const report = await onNode(bankSimulation("bank"), {
      runMs: 400,
      seed: 4,
    });
    t.deepEqual(nodeFailures(report), []);
    t.true(report.success, formatNodeReport(report, plainPaint));
    const passes = new Map(
      report.observations.map(({ message, passes: count }) => [message, count]),
    );
    t.true((passes.get("money is conserved") ?? 0) > 0);
    t.true((passes.get("acknowledged means applied once") ?? 0) > 0);
    t.true((passes.get("a transfer succeeds") ?? 0) > 0);
    const names = report.results.map(({ name }) => name);
    t.deepEqual(names.slice(-2), ["transfers-0", "transfers-1"]);
    t.is(report.successes, names.length);
    t.is(report.successRate, 100);
  },
);

test.serial(
  "NodeRunner finds the mistakes of a program that need no chaos, by the assertions that fail",
  async (t) => {
    const simulation = new SimulationBuilder("wrong").workload(
      workload({
        check: () =>
          Promise.resolve(assertAlways(false, "all is well", { cents: 5n })),
      }),
    );
    const report = await onNode(simulation);
    t.false(report.success);
    t.deepEqual(report.violations, [
      { message: "all is well", details: { cents: 5n } },
    ]);
    t.true(
      formatNodeReport(report, plainPaint).includes(
        '✗ all is well  {"cents":"5n"}',
      ),
    );
  },
);

test.serial(
  "NodeRunner reports who failed by name, in which part and why, and lets the others finish",
  async (t) => {
    const finished: string[] = [];
    const named = (name: string, run: () => Promise<void>) => () => ({
      name,
      run,
      check: async () => void finished.push(name),
    });
    const simulation = new SimulationBuilder("mixed")
      .processes("broken", {}, () => {
        throw new Error("no disk");
      })
      .processes("fine", { count: 2 }, () => undefined)
      .workload(named("good", () => Promise.resolve()))
      .workload(named("bad", () => Promise.reject(new Error("boom"))));
    const report = await onNode(simulation, { seed: 1 });
    t.deepEqual(nodeFailures(report), [
      "broken: boot: Error: no disk",
      "bad: run: Error: boom",
    ]);
    t.deepEqual(finished, ["good"], "who has failed checks nothing");
    t.like(report, { success: false, successes: 3, failures: 2 });
    t.is(report.successRate, 60);
    const lines = formatNodeReport(report, plainPaint).split("\n");
    t.regex(
      lines[0] ?? "",
      /^✗ mixed {2}on real providers, seed 1 · 3 of 5 succeeded \(60 %\) · /,
    );
    t.is(lines[1], "✗ process broken: boot: Error: no disk");
    t.regex(lines[2] ?? "", /^✓ process fine-0 {2}\d/);
    t.is(lines[5], "✗ workload bad: run: Error: boom");
  },
);

test.serial(
  "NodeRunner gives members the addresses and names of the simulation, and they reach each other by them",
  async (t) => {
    const ends: string[] = [];
    const greeter = async (ctx: SimContext): Promise<AsyncDisposable> => {
      const listener = await ctx.network.bind(`0.0.0.0:${echoPort}`);
      ends.push(`listens at ${listener.address.key}`);
      ctx.tasks.spawn("accept", async (signal) => {
        const connection = await listener.accept({ signal });
        ends.push(`accepted at ${connection.local.key}`);
        await connection.read();
        ends.push(`from ${connection.remote.ip}`);
        connection.close();
      });
      return listener;
    };
    const simulation = new SimulationBuilder("names")
      .processes("greeter", { count: 2 }, greeter)
      .processes("echo", {}, echoServer)
      .workload(
        workload({
          run: async (ctx) => {
            for (const name of ["greeter-0", "greeter-1"]) {
              using connection = await ctx.network.connect(
                `${name}:${echoPort}`,
              );
              ends.push(`dialled ${connection.remote.key}`);
              t.is(connection.local.ip, ctx.ip);
              await connection.write(Uint8Array.of(1));
              await connection.read();
            }
            t.true(await echoes(ctx, `echo:${echoPort}`));
            t.true(await echoes(ctx, `10.0.1.3:${echoPort}`));
          },
        }),
      );
    const report = await onNode(simulation);
    t.deepEqual(nodeFailures(report), []);
    t.deepEqual(report.stray, []);
    t.deepEqual(ends.sort(), [
      ...["accepted at 10.0.1.1:7", "accepted at 10.0.1.2:7"],
      ...["dialled 10.0.1.1:7", "dialled 10.0.1.2:7"],
      ...["from 10.1.0.1", "from 10.1.0.1"],
      ...["listens at 10.0.1.1:7", "listens at 10.0.1.2:7"],
    ]);
  },
);

test.serial(
  "NodeRunner's network refuses what a machine of its own would refuse",
  async (t) => {
    const simulation = new SimulationBuilder("refusals").workload(
      workload({
        run: async ({ network, address }) => {
          const code = async (work: Promise<unknown>): Promise<string> => {
            const error = await t.throwsAsync(work);
            return (error as unknown as { code: string }).code;
          };
          const first = await network.bind(address(80));
          t.is(await code(network.bind(address(80))), "address_in_use");
          await first.close();
          const second = await network.bind(address(80));
          await first.close();
          t.is(await code(network.bind(address(80))), "address_in_use");
          await second.close();
          t.is(await code(network.connect(address(80))), "refused");
          t.is(
            await code(network.bind("10.9.9.9:80")),
            "address_not_available",
          );
          const any = await network.bind(address(0));
          t.true(any.address.port > 0);
          (await network.connect(any.address)).reset();
          await any.close();
        },
      }),
    );
    t.deepEqual(nodeFailures(await onNode(simulation)), []);
  },
);

test.serial(
  "NodeRunner's members send each other datagrams by the same addresses",
  async (t) => {
    const told: string[] = [];
    const simulation = new SimulationBuilder("datagrams").workloads(2, () => ({
      name: "pair",
      async run(ctx) {
        const socket = await ctx.network.bindDatagram(ctx.address(9));
        ctx.state.publish(ready[ctx.index] ?? first, true);
        while (!ctx.state.get(ready[1 - ctx.index] ?? first))
          await ctx.tasks.yieldNow();
        const [other] = ctx.peers;
        await socket.send(Uint8Array.of(1), `${other?.ip}:8`);
        await socket.send(Uint8Array.of(2), `${other?.ip}:9`);
        const { from, bytes } = await socket.receive();
        told.push(`${ctx.ip} got ${bytes[0]} from ${from.key}`);
        await socket.close();
      },
    }));
    t.deepEqual(nodeFailures(await onNode(simulation)), []);
    t.deepEqual(told.sort(), [
      "10.1.0.1 got 2 from 10.1.0.2:9",
      "10.1.0.2 got 2 from 10.1.0.1:9",
    ]);
  },
);
const first = stateKey<boolean>("first");
const ready = [first, stateKey<boolean>("second")];

test.serial(
  "NodeRunner gives each process a disk of its own, and no fault ever strikes",
  async (t) => {
    const simulation = new SimulationBuilder("disks")
      .processes("keeper", { count: 2 }, async ({ storage, name }) => {
        const file = await storage.open("it", OpenOptions.createNewWrite);
        await file.append(new TextEncoder().encode(name));
        await file.sync();
        await file.close();
      })
      .chaos({ network: "random", attrition: { maxDead: 2 } })
      .workload(
        workload({
          run: async () => assertSometimes(buggify("a site"), "struck"),
        }),
      );
    const report = await onNode(simulation);
    t.deepEqual(nodeFailures(report), []);
    t.like(report.observations[0], { message: "struck", passes: 0, fails: 1 });
  },
);

test.serial(
  "NodeRunner tells a workload when to end, and gives up on whoever does not",
  async (t) => {
    const phases: string[] = [];
    const simulation = new SimulationBuilder("phases")
      .workload(() => ({
        name: "obedient",
        setup: async (ctx) => void phases.push(`setup ${ctx.chaosOver}`),
        async run(ctx) {
          while (!ctx.chaosOver) await ctx.tasks.yieldNow();
          phases.push(`over ${ctx.stopped}`);
        },
        check: async () => assertAlways(true, "checked"),
      }))
      .workload(() => ({ name: "stubborn", run: forever }));
    const report = await onNode(simulation, { wrap: hurried, finishMs: 77 });
    t.deepEqual(nodeFailures(report), [
      "stubborn: run: has not finished within 77 ms",
    ]);
    t.deepEqual(phases, ["setup false", "over false"]);
    t.is(report.problems.length, 0);
  },
);

test.serial(
  "NodeRunner boots a process that never returns, stops what was started, and names who does not stop",
  async (t) => {
    const stops: string[] = [];
    const simulation = new SimulationBuilder("stops")
      .processes("lives", {}, forever)
      .processes("ends", {}, (ctx) => ({
        async [Symbol.asyncDispose]() {
          stops.push(`ends ${ctx.stopped} ${ctx.shutdown.aborted}`);
        },
      }))
      .processes("clings", {}, () => ({ [Symbol.asyncDispose]: forever }))
      .workload(workload());
    const report = await onNode(simulation, { wrap: hurried, stopMs: 33 });
    t.deepEqual(nodeFailures(report), [
      "clings: stop: has not stopped within 33 ms",
    ]);
    t.deepEqual(stops, ["ends true true"]);
  },
);

test.serial(
  "NodeRunner ends whoever ignores its shutdown signal with the run, as a loss of power would",
  async (t) => {
    let beats = 0;
    const resumed: string[] = [];
    const simulation = new SimulationBuilder("deaf")
      .processes("deaf", {}, async (ctx) => {
        const listener = await ctx.network.bind(ctx.address(echoPort));
        ctx.tasks.spawn("accept", async () => {
          await listener.accept().finally(() => resumed.push("accept"));
        });
        ctx.tasks.spawn("sleep", async () => {
          await ctx.time.sleep(1_000_000).finally(() => resumed.push("sleep"));
        });
        ctx.tasks.spawn("beat", async () => {
          for (; ; beats += 1) await ctx.tasks.yieldNow();
        });
      })
      .workload(workload());
    t.true((await onNode(simulation)).success);
    const beatsAtEnd = beats;
    const { tasks } = nodeProviders();
    for (let turn = 0; turn < 10; turn += 1) await tasks.yieldNow();
    t.is(beats, beatsAtEnd);
    t.deepEqual(resumed, []);
  },
);

test.serial(
  "NodeRunner reports errors that nobody caught, and puts back who heard of them before",
  async (t) => {
    const before = process.rawListeners("unhandledRejection");
    const simulation = new SimulationBuilder("stray").workload(
      workload({
        run: async (ctx) => {
          ctx.tasks.spawn("lost", () => Promise.reject(new Error("lost")));
          await ctx.time.sleep(1);
        },
      }),
    );
    const report = await onNode(simulation);
    t.deepEqual(report.stray, ["Error: lost"]);
    t.false(report.success);
    t.deepEqual(process.rawListeners("unhandledRejection"), before);
  },
);

test.serial(
  "NodeRunner ends early when its signal fires, stops everybody, and names who was interrupted",
  async (t) => {
    const abort = new AbortController();
    const stopped: string[] = [];
    const simulation = new SimulationBuilder("interrupted")
      .processes("server", {}, () => ({
        [Symbol.dispose]: () => void stopped.push("server"),
      }))
      .workload(
        workload({
          run: () => {
            abort.abort();
            return forever();
          },
          check: () => Promise.reject(new Error("nobody checks")),
        }),
      );
    const { signal } = abort;
    const report = await onNode(simulation, { signal });
    t.deepEqual(nodeFailures(report), ["work: run: was interrupted"]);
    t.deepEqual(stopped, ["server"]);
    t.like(report, { aborted: true, success: false });
    const late = await onNode(
      new SimulationBuilder("late").workload(workload()),
      { signal },
    );
    t.like(late, { aborted: true, success: false, failures: 0 });
  },
);

test.serial(
  "NodeRunner draws counts from its seed, as the simulation does",
  async (t) => {
    const counts = async (seed: number): Promise<number> => {
      const simulation = new SimulationBuilder("counts")
        .processes("server", { count: [1, 50] }, () => undefined)
        .workload(workload());
      return (await onNode(simulation, { seed })).results.length;
    };
    t.is(await counts(1), await counts(1));
    t.true(
      new Set([await counts(1), await counts(2), await counts(3)]).size > 1,
    );
  },
);

test.serial(
  "a run on real providers that tried or checked nothing is no success",
  async (t) => {
    const empty = await onNode(new SimulationBuilder("empty"));
    t.deepEqual(empty.problems, ["there is no workload, so nothing was tried"]);
    t.is(empty.successRate, 0);
    const idle = workload({ check: () => Promise.resolve() });
    const blind = await onNode(new SimulationBuilder().workload(idle));
    t.regex(blind.problems[0] ?? "", /^no check observed anything/);
    t.false(blind.success);
  },
);

test.serial("NodeRunner refuses to run inside another run", async (t) => {
  const inner = new SimulationBuilder().workload(workload());
  const outer = new SimulationBuilder().workload(
    workload({ run: () => onNode(inner).then(() => undefined) }),
  );
  const report = await onNode(outer);
  t.regex(nodeFailures(report)[0] ?? "", /work: run: .*\[nested\]/);
});

test("NodeRunner refuses options that make no sense", (t) => {
  const simulation = new SimulationBuilder();
  const providers = (): ReturnType<typeof nodeProviders> => nodeProviders();
  const wrong: [object, RegExp][] = [
    [{}, /providers cannot be undefined: a function/],
    [{ providers, runMs: -1 }, /runMs cannot be -1/],
    [{ providers, stopMs: Infinity }, /stopMs cannot be Infinity/],
    [{ providers, addresses: "shared" }, /addresses cannot be shared/],
    [{ providers, run: 5 }, /has no option "run"/],
    [{ providers, seed: 0.5 }, /a seed is a whole number/],
  ];
  for (const [options, message] of wrong) {
    const error = t.throws(
      () => new NodeRunner(simulation, options as NodeRunnerOptions),
      { message },
    );
    t.true(isSimulationError(error));
  }
});
