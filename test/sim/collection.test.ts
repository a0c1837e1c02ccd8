/** A dead process is really collected: nothing that outlives it holds on to what it waited with. */
import test from "ava";

import {
  deadline,
  OpenOptions,
  select,
  timeout,
  type Connection,
} from "../../src/core/index.ts";
import type {
  Incarnation,
  SimProviders,
  SimWorld,
} from "../../src/sim/index.ts";
import { collectGarbage } from "./garbage.ts";
import { ipA, ipC, pattern, port, worldOf } from "./support.ts";

type Wait = (
  life: SimProviders,
  touch: () => void,
  incarnation: Incarnation,
) => Promise<unknown>;

const server = `${ipA}:${port}`;
const cutOff = `${ipC}:${port}`;

/** Each goes on to use what the life has in memory, if it is ever resumed. */
const waits: Readonly<Record<string, Wait>> = {
  "a sleep": ({ time }) => time.sleep(1e9),
  "a sleep with a signal": ({ time }) =>
    time.sleep(1e9, { signal: new AbortController().signal }),
  "a timer": ({ time }, touch) => never(time.schedule(1e9, touch)),
  "timeout()": ({ time }) => timeout(time, 1e9, () => time.sleep(2e9)),
  "select()": ({ time, random }) =>
    select(random, {
      sleep: (signal) => time.sleep(1e9, { signal }),
      heedless: () => time.sleep(2e9),
    }),
  "deadline()": ({ time }, touch) =>
    never(deadline(time, 1e9).signal.addEventListener("abort", touch)),
  "its shutdown": (_, touch, { shutdown }) =>
    never(shutdown.addEventListener("abort", touch)),
  "a task": ({ tasks, time }) =>
    tasks.spawn("sleeper", () => time.sleep(1e9)).join(),
  "an interrupted task": ({ tasks, time }) =>
    tasks.spawn("sleeper", (signal) => time.sleep(1e9, { signal })).join(),
  "accept()": async ({ network }, _, { ip }) =>
    (await network.bind(`${ip}:${port}`)).accept(),
  "bind()": ({ network, time }, _, { ip }) =>
    time.sleep(99.99).then(() => network.bind(`${ip}:${port}`)),
  "read()": async ({ network }) => (await network.connect(server)).read(),
  "write()": async ({ network }) =>
    (await network.connect(server)).write(pattern(500_000)),
  "connect()": ({ network }) => network.connect(cutOff),
  "connect() with its shutdown": ({ network }, _, { shutdown }) =>
    network.connect(cutOff, { signal: shutdown }),
  "read() and its shutdown": async ({ network }, touch, { shutdown }) => {
    shutdown.addEventListener("abort", touch);
    return (await network.connect(server)).read();
  },
  "a queue of syncs": async ({ storage }) => {
    const file = await storage.open("file", OpenOptions.openOrCreate);
    await Promise.all(Array.from({ length: 500 }, () => file.sync()));
  },
};

for (const [what, wait] of Object.entries(waits)) {
  test.serial(
    `a life that waited for ${what} is collected after its kill`,
    async (t) => {
      const { world, memory } = await liveAndDie(wait);
      t.false(await isKept(memory));
      t.is(world.ghostCalls, 0, "the world itself is still there");
    },
  );
}

test.serial(
  "a life that was killed in the middle of everything is collected",
  async (t) => {
    const { world, memory } = await liveAndDie((life, touch, incarnation) =>
      Promise.all(
        Object.values(waits).map((wait) => wait(life, touch, incarnation)),
      ),
    );
    t.false(await isKept(memory));
    t.true(world.steps > 0);
  },
);

test.serial(
  "a life that waited for a promise of somebody who goes on is kept, so these tests see the difference",
  async (t) => {
    const outliving = new Promise<never>(() => undefined);
    const { memory } = await liveAndDie(() => outliving);
    t.true(await isKept(memory));
    t.true(outliving instanceof Promise);
  },
);

test.serial(
  "what the last event of a run held is collected between runs",
  async (t) => {
    for (const settling of ["tick", "barrier"] as const) {
      const world = worldOf({ settling });
      const memory = scheduleWithMemory(world);
      await world.runUntilEmpty();
      t.false(await isKept(memory), settling);
      t.is(world.steps, 1);
    }
  },
);

function scheduleWithMemory(world: SimWorld): WeakRef<Uint8Array> {
  const held = pattern(100_000);
  world.time.schedule(1, () => held.fill(0));
  return new WeakRef(held);
}

/** One life that holds memory while it waits, is killed at 100 ms, and leaves a world that goes on. */
async function liveAndDie(
  wait: Wait,
): Promise<{ world: SimWorld; memory: WeakRef<Uint8Array> }> {
  const world = worldOf();
  const peers: Connection[] = [];
  world.network.partition("10.0.2.1", ipC);
  await world.run(() => serve(world, peers));
  const memory = await live(world, wait);
  world.kill("10.0.2.1");
  await world.run(() => world.time.sleep(1_000));
  world.trace.listen(() => peers.length);
  return { world, memory };
}

/** In a function of its own, so that no frame of the test holds what the life held. */
async function live(world: SimWorld, wait: Wait): Promise<WeakRef<Uint8Array>> {
  let memory: WeakRef<Uint8Array> | undefined;
  world.boot("10.0.2.1", async (providers, incarnation) => {
    const held = pattern(100_000);
    memory = new WeakRef(held);
    const touch = (): void => void held.fill(0);
    await wait(providers, touch, incarnation);
    touch();
  });
  await world.run(() => world.time.sleep(100));
  return memory as WeakRef<Uint8Array>;
}

/** A server that keeps every connection it ever had, and reads and writes nothing. */
async function serve(world: SimWorld, peers: Connection[] = []): Promise<void> {
  for (const ip of [ipA, ipC]) {
    const listener = await world.providers(ip).network.bind(`${ip}:${port}`);
    world.boot(ip, async () => {
      for (;;) peers.push(await listener.accept());
    });
  }
}

async function isKept(memory: WeakRef<Uint8Array>): Promise<boolean> {
  await collectGarbage();
  return memory.deref() !== undefined;
}

/** Wait for nothing at all, having started something. */
function never(_started: unknown): Promise<never> {
  return new Promise(() => undefined);
}
