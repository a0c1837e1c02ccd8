/** A server that stops, and lets calls that run come to their end. */
import test from "ava";

import { nodeProviders } from "../../src/node/index.ts";
import { createClient, isRpcError, serve } from "../../src/rpc/index.ts";
import { createHealth } from "../../src/services/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import {
  atDesk,
  type Desk,
  NotesRpc,
  plainHandler,
  serverIp,
  specWith,
} from "./notes.ts";
import { below, drain, inStudio, outcomeOf } from "./streams.ts";

const dedupes = specWith("write", {
  delivery: "at_least_once",
  dedupe: true,
});

/** A `write` that takes so many milliseconds, and notes why its signal fires. */
function slow(ms: number): {
  readonly reasons: string[];
  readonly on: (desk: () => Desk) => typeof plainHandler;
} {
  const reasons: string[] = [];
  return {
    reasons,
    on: (desk) => ({
      ...plainHandler,
      write: async ({ account }, { signal }) => {
        signal.addEventListener("abort", () => {
          reasons.push(isRpcError(signal.reason) ? signal.reason.code : "?");
        });
        await desk().sleep(ms);
        return { cents: BigInt(account.length) };
      },
    }),
  };
}

/** Serve a `write` that takes a second, call it, and go on a little later. */
async function withCall(
  options: Pick<Parameters<typeof atDesk>[0], "serve" | "spec">,
  main: (
    desk: Desk,
    call: Promise<string>,
    reasons: readonly string[],
  ) => Promise<void>,
): Promise<void> {
  const { reasons, on } = slow(1_000);
  const held = {} as { desk: Desk };
  await atDesk({ ...options, handler: on(() => held.desk) }, async (desk) => {
    held.desk = desk;
    const call = outcomeOf(desk.notes.write({ account: "abc" }));
    await desk.sleep(100);
    await main(desk, call, reasons);
  });
}

test.serial(
  "a server that stops with grace answers the calls that run, takes no others, and waits no longer",
  async (t) => {
    await withCall({}, async ({ handle, notes, world }, call, reasons) => {
      const startMs = world.nowMs;
      const stopped = handle.stop({ graceMs: 30_000 });
      t.is(await outcomeOf(notes.write({})), "unavailable answered");
      t.is(handle.runningCount, 1);
      await stopped;
      const tookMs = world.nowMs - startMs;
      t.true(tookMs > 800 && tookMs < 1_000, `${tookMs} ms`);
      t.is(handle.runningCount, 0);
      t.is(await call, "3");
      t.deepEqual(reasons, []);
      t.is(await outcomeOf(notes.write({})), "unimplemented answered");
      const held = world.inventory(serverIp)?.holdings ?? [];
      const timers = held.filter(
        ({ kind, name }) =>
          kind === "timer" && name.startsWith("callback due at 30"),
      );
      t.deepEqual(timers, [], "the grace has no timer any more");
    });
  },
);

test.serial(
  "calls that take longer than the grace are broken when it is over",
  async (t) => {
    await withCall({}, async ({ handle, world }, call, reasons) => {
      const startMs = world.nowMs;
      await handle.stop({ graceMs: 500 });
      t.is(Math.round(world.nowMs - startMs), 500);
      t.is(handle.runningCount, 0);
      t.is(await call, "unavailable maybe");
      t.deepEqual(reasons, ["unavailable"]);
    });
  },
);

test.serial(
  "a second stop without patience ends the grace of the first",
  async (t) => {
    await withCall({}, async ({ handle, world }, call) => {
      const startMs = world.nowMs;
      const first = handle.stop({ graceMs: 30_000 });
      const longer = handle.stop({ graceMs: 60_000 });
      await handle.stop();
      await Promise.all([first, longer]);
      t.is(world.nowMs, startMs);
      t.is(await call, "unavailable maybe");
    });
  },
);

test.serial(
  "a stop without grace breaks calls before it returns",
  async (t) => {
    await withCall({}, async ({ handle, server }, call) => {
      const stopped = handle.stop();
      t.is(handle.runningCount, 0);
      t.is(server.metrics().owedCount, 0);
      await stopped;
      t.is(await call, "unavailable maybe");
    });
  },
);

test.serial(
  "a handler may stop its server before it waits for anything, and is stopped, or has its grace, like any other",
  async (t) => {
    for (const [graceMs, expected] of [
      [0, "unavailable maybe"],
      [1_000, "7"],
    ] as const) {
      const held = {} as { desk: Desk; stopped: Promise<unknown> };
      const counts: number[] = [];
      const write = async (): Promise<{ cents: bigint }> => {
        const { handle, sleep } = held.desk;
        counts.push(handle.runningCount);
        const stopping = handle.stop({ graceMs });
        held.stopped = stopping.then(() => counts.push(handle.runningCount));
        await sleep(100);
        return { cents: 7n };
      };
      await atDesk({ handler: { ...plainHandler, write } }, async (desk) => {
        held.desk = desk;
        t.is(await outcomeOf(desk.notes.write({})), expected);
        await held.stopped;
        t.deepEqual(counts, [1, 0]);
      });
    }
  },
);

test.serial(
  "a call that is sent until it is answered comes again to a server that stopped without grace, and nobody serves it",
  async (t) => {
    const spec = specWith("write", { delivery: "at_least_once" });
    await withCall({ spec }, async ({ handle }, call) => {
      await handle.stop();
      t.is(await call, "unimplemented maybe");
    });
  },
);

test.serial("a grace that nobody needs takes no time", async (t) => {
  await atDesk({}, async ({ handle, world, sleep }) => {
    const startMs = world.nowMs;
    await handle.stop({ graceMs: 30_000 });
    t.is(world.nowMs, startMs);
    await sleep(1);
  });
});

test.serial("a bad grace is refused, and the service goes on", async (t) => {
  await atDesk({}, async ({ handle, notes }) => {
    for (const graceMs of [-1, Infinity, Number.NaN])
      t.throws(() => handle.stop({ graceMs }), {
        instanceOf: RangeError,
        message: new RegExp(`graceMs .* not ${graceMs}`),
      });
    t.throws(() => handle.stop({ grace: 1 } as object), {
      instanceOf: TypeError,
      message: /graceMs/,
    });
    t.is((await notes.write({ account: "a" })).cents, 1n);
  });
});

test.serial(
  "a server that owns its transport closes it when the last answer is on its way",
  async (t) => {
    await withCall(
      { serve: { ownsTransport: true } },
      async ({ handle, server }, call) => {
        await handle.stop({ graceMs: 30_000 });
        t.is(await call, "3");
        t.is(server.metrics().connectionCount, 0);
      },
    );
  },
);

test.serial(
  "a call that runs and is sent again within the grace gets its answer, where calls are deduplicated",
  async (t) => {
    await withCall({ spec: dedupes }, async ({ handle, world }, call) => {
      const stopped = handle.stop({ graceMs: 30_000 });
      world.network.circuits[0]?.client.reset();
      await stopped;
      t.is(await call, "3");
    });
  },
);

test.serial(
  "of calls that are deduplicated nothing is kept when the grace is over",
  async (t) => {
    await withCall(
      { spec: dedupes },
      async ({ handle, server, client }, call) => {
        await handle.stop({ graceMs: 30_000 });
        t.is(await call, "3");
        t.is(server.metrics().deadlineCount, 0);
        t.is(client.metrics().deadlineCount, 0);
      },
    );
  },
);

test.serial(
  "streams that run come to their end within the grace",
  async (t) => {
    await inStudio({}, async ({ tapes, handle, sleep }) => {
      const playing = drain(tapes.play({ account: "50000" }));
      await sleep(20);
      t.is(handle.runningCount, 1);
      await handle.stop({ graceMs: 30_000 });
      t.deepEqual(await playing, { got: below(50_000), end: "complete" });
    });
  },
);

test.serial(
  "a service whose health is followed is not serving from the stop on, and has its grace",
  async (t) => {
    await withCall({}, async ({ handle }, call) => {
      const health = createHealth();
      const followed = health.follow(NotesRpc, handle);
      t.throws(() => followed.stop({ graceMs: -1 }), {
        instanceOf: RangeError,
      });
      t.is(health.get(NotesRpc), "serving");
      const stopped = followed.stop({ graceMs: 30_000 });
      t.is(health.get(NotesRpc), "not_serving");
      await stopped;
      t.is(await call, "3");
    });
  },
);

test.serial(
  "over TCP a call that runs is answered within the grace",
  async (t) => {
    const providers = nodeProviders();
    const server = await NetTransport.listen(providers, "127.0.0.1:0");
    let goOn = (): void => undefined;
    const handle = serve(
      server,
      NotesRpc,
      {
        ...plainHandler,
        write: async () => {
          await new Promise<void>((resolve) => (goOn = resolve));
          return { cents: 7n };
        },
      },
      { ownsTransport: true },
    );
    await using client = NetTransport.client(providers);
    const notes = createClient(NotesRpc, client, handle.endpoint, {
      timeoutMs: 60_000,
    });
    const call = outcomeOf(notes.write({}));
    while (handle.runningCount < 1) await providers.time.sleep(1);
    const stopped = handle.stop({ graceMs: 60_000 });
    t.is(await outcomeOf(notes.write({})), "unavailable answered");
    goOn();
    await stopped;
    t.is(await call, "7");
  },
);
