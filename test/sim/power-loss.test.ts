/** After a kill not a line of the process runs any more, whatever it was waiting for. */
import test, { type ExecutionContext } from "ava";

import { deadline, OpenOptions, timeout } from "../../src/core/index.ts";
import type {
  Incarnation,
  SimProviders,
  SimWorld,
  SimWorldOptions,
} from "../../src/sim/index.ts";
import { ipA, ipB, ipC, pattern, port, worldOf } from "./support.ts";

interface Wait {
  readonly what: string;
  /** Begins before the kill; whatever it reaches after it, it notes down. */
  readonly wait: (
    life: SimProviders,
    note: () => void,
    incarnation: Incarnation,
  ) => Promise<unknown>;
  /** Default 70, when all but slow things are under way. */
  readonly killAtMs?: number;
}

const slowDisk = {
  readMs: [100, 100],
  writeMs: [100, 100],
  syncMs: [100, 100],
} as const;
const server = `${ipA}:${port}`;

const waits: readonly Wait[] = [
  { what: "a sleep", wait: ({ time }) => time.sleep(200) },
  {
    what: "a sleep with a signal",
    wait: ({ time }) =>
      time.sleep(200, { signal: new AbortController().signal }),
  },
  {
    what: "a timer",
    wait: async ({ time }, note) =>
      void (await never(time.schedule(200, note))),
  },
  {
    what: "a task",
    wait: ({ tasks, time }) =>
      tasks.spawn("sleeper", () => time.sleep(200)).join(),
  },
  {
    what: "a task that nobody joins",
    wait: async ({ tasks, time }, note) =>
      never(tasks.spawn("sleeper", () => time.sleep(200).then(note))),
  },
  {
    what: "timeout()",
    wait: ({ time }) => timeout(time, 200, () => never(undefined)),
  },
  {
    what: "deadline()",
    wait: ({ time }, note) =>
      never(deadline(time, 200).signal.addEventListener("abort", note)),
  },
  {
    what: "its shutdown",
    wait: (_, note, { shutdown }) =>
      never(shutdown.addEventListener("abort", note)),
  },
  {
    what: "accept()",
    wait: async ({ network }) =>
      (await network.bind(`${ipB}:${port}`)).accept(),
  },
  {
    what: "a slow bind()",
    wait: ({ network }) => network.bind(`${ipB}:81`),
    killAtMs: 40,
  },
  {
    what: "connect()",
    wait: ({ network }) => network.connect(`${ipC}:${port}`),
  },
  {
    what: "read()",
    wait: async ({ network }) => (await network.connect(server)).read(),
  },
  {
    what: "write()",
    wait: async ({ network }) =>
      (await network.connect(server)).write(pattern(1_000_000)),
  },
  {
    what: "open()",
    wait: ({ storage }) => storage.open("file", OpenOptions.openOrCreate),
  },
  { what: "exists()", wait: ({ storage }) => storage.exists("file") },
  {
    what: "writeAt()",
    wait: async (life) => (await opened(life)).writeAt(0, pattern(9)),
    killAtMs: 180,
  },
  {
    what: "readAt()",
    wait: async (life) => (await opened(life)).readAt(0, 9),
    killAtMs: 180,
  },
  {
    what: "readInto()",
    wait: async (life) => (await opened(life)).readInto(0, new Uint8Array(9)),
    killAtMs: 180,
  },
  {
    what: "sync()",
    wait: async (life) => (await opened(life)).sync(),
    killAtMs: 180,
  },
];

for (const { what, wait, killAtMs = 70 } of waits) {
  test.serial(
    `a process that waits for ${what} is never resumed after its kill`,
    async (t) => {
      t.deepEqual(await story(t, wait, killAtMs), ["begin"]);
    },
  );

  test.serial(
    `a process that waits for ${what} is resumed if nobody kills it`,
    async (t) => {
      const notes = await story(t, wait, undefined);
      t.true(notes.length > 1, notes.join(", "));
    },
  );
}

/** What the victim noted down in its life, with a kill or without. */
async function story(
  t: ExecutionContext,
  wait: Wait["wait"],
  killAtMs: number | undefined,
): Promise<string[]> {
  const options: Partial<SimWorldOptions> = {
    storage: slowDisk,
    network: { bindMs: [20, 20] },
  };
  const world = worldOf(options);
  const notes: string[] = [];
  helpers(world);
  world.boot(ipB, async (providers, incarnation) => {
    await providers.time.sleep(30);
    notes.push("begin");
    try {
      await wait(providers, () => notes.push("callback"), incarnation);
      notes.push("line after");
    } catch {
      notes.push("catch"); // Some waits end with an error, which is an end as well.
    } finally {
      notes.push("finally");
    }
  });
  if (killAtMs !== undefined)
    world.time.schedule(killAtMs, () => t.true(world.kill(ipB)));
  await world.runUntil(() => world.nowMs > 60_000);
  t.is(world.ghostCalls, 0);
  return notes;
}

/** Others do what the victim waits for, from 200 ms on. */
function helpers(world: SimWorld): void {
  world.network.partition(ipB, ipC);
  world.time.schedule(200, () => world.network.heal(ipB, ipC));
  world.time.schedule(250, () => world.stop(ipB));
  world.boot(ipC, ({ network }) => network.bind(`${ipC}:${port}`));
  world.boot(ipA, async ({ network, tasks, time }) => {
    const listener = await network.bind(server);
    tasks.spawn("dialler", async () => {
      await time.sleep(200);
      await network
        .connect(`${ipB}:${port}`)
        .catch(() => "nobody listens there in most stories");
    });
    const connection = await listener.accept();
    await time.sleep(200);
    await connection
      .write(pattern(100))
      .catch(() => "the victim is dead in half of the stories");
    while ((await connection.read().catch(() => undefined)) !== undefined);
  });
}

function opened({
  storage,
}: SimProviders): ReturnType<SimProviders["storage"]["open"]> {
  return storage.open("file", OpenOptions.openOrCreate);
}

/** Wait for nothing at all, having started something. */
function never(_started: unknown): Promise<never> {
  return new Promise(() => undefined);
}
