/** What a reboot takes, and what it leaves: memory is gone, the disk holds what was durable. */
import test from "ava";

import {
  SimulationBuilder,
  type FaultInjector,
  type RebootKind,
  type SimContext,
  type Started,
} from "../../src/runner/index.ts";
import { busyFor, failures } from "./support.ts";

/** Takes the first process down once, after a second. */
function strikes(kind: RebootKind): FaultInjector {
  return {
    name: "strike",
    inject: async ({ time, processIps, reboot }) => {
      await time.sleep(1_000);
      reboot(processIps[0] as string, kind);
    },
  };
}

/** One seed in which the only process is taken down once, after a second, and comes back 2 s after it was killed. */
async function rebooted(
  kind: RebootKind,
  start: (ctx: SimContext) => Started | Promise<Started>,
): Promise<string[]> {
  const report = await new SimulationBuilder()
    .processes("server", {}, start)
    .workload(busyFor(9_000))
    .fault(strikes(kind))
    .chaos({
      attrition: {
        maxDead: 0,
        graceMs: [500, 500],
        recoveryMs: [2_000, 2_000],
      },
    })
    .run({ seeds: 1 });
  return failures(report);
}

const kinds: [kind: RebootKind, found: number[], backMs: number][] = [
  ["crash", [0, 1], 3_000],
  ["graceful", [0, 1], 3_500],
  ["crash_and_wipe", [0, 0], 3_000],
];
for (const [kind, found, backMs] of kinds) {
  test.serial(
    `a ${kind} reboot loses memory and leaves ${found[1]} of a synced byte`,
    async (t) => {
      const sizes: number[] = [];
      const lives: {
        at: number;
        memory: number;
        aborted: boolean;
        draw: number;
      }[] = [];
      const failed = await rebooted(kind, async (ctx) => {
        const memory = { value: 0 };
        ctx.tasks.spawn("count", async () => {
          for (;;) {
            memory.value += 1;
            await ctx.time.sleep(100);
          }
        });
        lives.push({
          at: ctx.time.now(),
          memory: memory.value,
          aborted: ctx.stopped,
          draw: ctx.random.uint32(),
        });
        const file = await ctx.storage.open("log", {
          read: true,
          write: true,
          create: true,
        });
        await ctx.storage.syncDir();
        // What was not synced may be there or not.
        sizes.push(Math.min(1, await file.size()));
        await file.append(new Uint8Array([1]));
        await file.sync();
        await file.append(new Uint8Array([2]));
      });
      t.deepEqual(failed, []);
      t.deepEqual(sizes, found);
      t.deepEqual(
        lives.map(({ at }) => at),
        [0, backMs],
      );
      t.deepEqual(
        lives.map(({ memory, aborted }) => [memory, aborted]),
        [
          [1, false],
          [1, false],
        ],
      );
      t.not(lives[0]?.draw, lives[1]?.draw, "chance of another life");
    },
  );
}

test.serial(
  "nothing of a process runs after a crash, not even a finally",
  async (t) => {
    const story: string[] = [];
    const failed = await rebooted("crash", async (ctx) => {
      const since = ctx.time.now();
      ctx.shutdown.addEventListener("abort", () =>
        story.push(`asked at ${ctx.time.now()}`),
      );
      try {
        for (;;) {
          await ctx.time.sleep(400);
          if (since === 0) story.push(`first life at ${ctx.time.now()}`);
        }
      } finally {
        story.push("finally");
      }
    });
    t.deepEqual(failed, []);
    t.deepEqual(story, [
      "first life at 400",
      "first life at 800",
      "asked at 9000",
    ]);
  },
);

/** Something to leave running, which takes its time to stop. */
function slowToStop(
  ctx: SimContext,
  ms: number,
  story: string[],
): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      story.push(`asked at ${ctx.time.now()}`);
      await ctx.time.sleep(ms);
      story.push(`stopped at ${ctx.time.now()}`);
    },
  };
}

test.serial(
  "a graceful reboot disposes of what start returned, within the grace",
  async (t) => {
    const story: string[] = [];
    t.deepEqual(
      await rebooted("graceful", (ctx) => slowToStop(ctx, 499, story)),
      [],
    );
    t.deepEqual(story, [
      "asked at 1000",
      "stopped at 1499",
      "asked at 9000",
      "stopped at 9499",
    ]);
  },
);

test.serial(
  "a graceful reboot cuts off whoever takes longer than the grace",
  async (t) => {
    const story: string[] = [];
    t.deepEqual(
      await rebooted("graceful", async (ctx) => slowToStop(ctx, 501, story)),
      [],
    );
    t.deepEqual(story, ["asked at 1000", "asked at 9000", "stopped at 9501"]);
  },
);

test.serial("a crash disposes of nothing", async (t) => {
  const story: string[] = [];
  t.deepEqual(await rebooted("crash", (ctx) => slowToStop(ctx, 0, story)), []);
  t.deepEqual(story, ["asked at 9000", "stopped at 9000"]);
});

test.serial(
  "what can be disposed of at once is, also when it was made after the process was asked to stop",
  async (t) => {
    const story: string[] = [];
    const failed = await rebooted("graceful", async (ctx) => {
      if (ctx.time.now() === 0) await ctx.time.sleep(1_100);
      return {
        [Symbol.dispose]: () =>
          void story.push(`disposed of at ${ctx.time.now()}`),
      };
    });
    t.deepEqual(failed, []);
    t.deepEqual(story, ["disposed of at 1100", "disposed of at 9000"]);
  },
);

test.serial(
  "a throw while stopping is the crash of the process, at the end of a seed too",
  async (t) => {
    const failed = await rebooted("graceful", (ctx) => ({
      async [Symbol.asyncDispose]() {
        await ctx.time.sleep(100);
        throw new Error(`cannot stop at ${ctx.time.now()}`);
      },
    }));
    t.deepEqual(failed, [
      "crash: server: Error: cannot stop at 1100",
      "crash: server: Error: cannot stop at 9100",
    ]);
  },
);
