/** What a world tells, and how a recipe steers it. */
import test from "ava";

import {
  FaultLog,
  TraceLog,
  type SimWorldOptions,
  type TraceEntry,
} from "../../src/sim/index.ts";
import {
  busyClient,
  busyRun,
  connect,
  echo,
  ipA,
  ipB,
  worldOf,
} from "./support.ts";

test.serial(
  "a recipe steers a world: what came before stays, what comes after is another story",
  async (t) => {
    const story = async (
      recipe: SimWorldOptions["recipe"] = [],
    ): Promise<string[]> => {
      const world = worldOf({ seed: 5, recipe });
      world.boot(ipA, echo);
      const log = await world.run(() => busyClient(world.providers(ipB)));
      return log.split("\n");
    };
    const [plain, steered] = [
      await story(),
      await story([{ count: 30, seed: 99 }]),
    ];
    t.deepEqual(await story([{ count: 30, seed: 99 }]), steered);
    t.notDeepEqual(steered, plain);
    t.is(steered[0], plain[0]);
    t.deepEqual(await story([{ count: 1_000_000, seed: 99 }]), plain);
  },
);

test.serial("draws are counted from the last breakpoint", async (t) => {
  const world = worldOf({ recipe: [{ count: 3, seed: 9 }] });
  for (const expected of [1, 2, 3, 1, 2]) {
    world.random("any").uint32();
    t.is(world.draws, expected);
  }
  t.is(
    world.random("any"),
    world.random("any"),
    "the same name is the same stream",
  );
});

test.serial(
  "a new draw in one place leaves the rest of the world as it was",
  async (t) => {
    const draws = async (extra: boolean): Promise<number[]> => {
      const world = worldOf();
      await world.run(async () => {
        if (extra) world.providers(ipB).random.bytes(100);
        await connect(world);
      });
      const { random } = world.providers(ipA);
      return [
        random.uint32(),
        random.uint32(),
        Math.round(world.nowMs * 1_000),
      ];
    };
    t.deepEqual(await draws(true), await draws(false));
  },
);

test.serial(
  "two boots at one address are two programs of one life",
  async (t) => {
    const world = worldOf();
    const lives = [
      world.boot(ipA, () => undefined),
      world.boot("10.0.1.1", () => undefined),
    ];
    t.is(lives[0], lives[1]);
    t.is(world.providers(ipA), world.providers(ipA));
    t.true(world.isAlive(ipA));
    t.false(world.isAlive(ipB));
    t.throws(() => world.boot("bank-1", () => undefined), {
      name: "NetworkAddressParseError",
    });
    await world.runUntilEmpty();
  },
);

test.serial(
  "the trace says what, where and when, to listeners and for reports",
  async (t) => {
    const world = worldOf({ traceRecentMax: 2 });
    const heard: TraceEntry[] = [];
    world.trace.listen((entry) => heard.push(entry));
    world.boot(ipA, async ({ time, trace }) => {
      for (let number = 0; number < 3; number += 1) {
        trace.emit("count", { number });
        await time.sleep(1.5);
      }
    });
    await world.runUntilEmpty();
    const entries = [0, 1, 2].map((number) => ({
      atMs: number * 1.5,
      source: ipA,
      name: "count",
      fields: { number },
    }));
    t.deepEqual(heard, entries);
    t.deepEqual(world.trace.recent, entries.slice(1));
  },
);

test.serial(
  "a trace to which nobody listens is disabled, and listening changes no run",
  async (t) => {
    t.false(worldOf().providers(ipA).trace.enabled);
    t.true(worldOf({ traceRecentMax: 1 }).providers(ipA).trace.enabled);
    const log = new TraceLog(0);
    log.listen(() => undefined);
    t.true(log.enabled);
    t.deepEqual(await busyRun({ traceRecentMax: 100 }), await busyRun());
  },
);

test("FaultLog counts by kind, in order of first appearance", (t) => {
  const log = new FaultLog();
  for (const kind of ["torn write", "partition", "torn write"]) log.count(kind);
  t.deepEqual(
    [...log.counts],
    [
      ["torn write", 2],
      ["partition", 1],
    ],
  );
});
