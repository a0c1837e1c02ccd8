/** Methods that the contract deduplicates: what a call that comes again meets. */
import test from "ava";

import { type HandlerContext, isRpcError } from "../../src/rpc/index.ts";
import {
  atDesk,
  type Desk,
  type DeskOptions,
  type NotesHandler,
  serverIp,
  specWith,
} from "./notes.ts";
import { outcomeOf } from "./streams.ts";

const spec = specWith("write", { dedupe: true, delivery: "at_least_once" });

/** A `write` that takes half a second, and leaves when its signal fires. */
function heedful(held: { desk: Desk }): {
  readonly reasons: string[];
  readonly handler: Partial<NotesHandler>;
} {
  const reasons: string[] = [];
  let runs = 0n;
  const write = async (
    _: unknown,
    { signal }: HandlerContext,
  ): Promise<{ cents: bigint }> => {
    runs += 1n;
    signal.addEventListener("abort", () => {
      const { reason } = signal as { reason: unknown };
      const code = isRpcError(reason) ? reason.code : "?";
      reasons.push(`${code} at ${Math.round(held.desk.world.nowMs)}`);
    });
    await held.desk.world.time.sleep(500, { signal });
    return { cents: runs };
  };
  return { reasons, handler: { write } };
}

/** Run a test at a desk where `write` is that, with the reasons it left for. */
async function withHeedful(
  options: Pick<DeskOptions, "spec" | "serve">,
  main: (desk: Desk, reasons: readonly string[]) => Promise<void>,
): Promise<void> {
  const held = {} as { desk: Desk };
  const { reasons, handler } = heedful(held);
  await atDesk({ ...options, handler }, async (desk) => {
    held.desk = desk;
    await main(desk, reasons);
  });
}

test.serial(
  "a call that comes again over a new connection was never given up",
  async (t) => {
    await withHeedful({ spec }, async (desk, reasons) => {
      const call = outcomeOf(desk.notes.write({}));
      await desk.sleep(100);
      desk.world.network.circuits[0]?.client.reset();
      t.is(await call, "1");
      t.deepEqual(reasons, []);
    });
  },
);

test.serial(
  "a call that is given up after it came again is given up by its handler, too",
  async (t) => {
    await withHeedful({ spec }, async (desk, reasons) => {
      const giveUp = new AbortController();
      const { signal } = giveUp;
      const call = outcomeOf(desk.notes.write({}, { signal }));
      await desk.sleep(100);
      desk.world.network.circuits[0]?.client.reset();
      await desk.sleep(300);
      giveUp.abort();
      t.is(await call, "cancelled maybe");
      await desk.sleep(10);
      t.regex(reasons.join(), /^cancelled at 40[0-9]$/);
      t.is(desk.handle.runningCount, 0);
      t.is(desk.server.metrics().owedCount, 0);
    });
  },
);

test.serial(
  "a call whose caller never comes back is given up at its deadline",
  async (t) => {
    await withHeedful({ spec }, async (desk, reasons) => {
      const call = outcomeOf(desk.notes.write({}, { timeoutMs: 300 }));
      await desk.sleep(100);
      desk.world.network.partition("10.0.1.1", "10.0.1.2");
      desk.world.network.circuits[0]?.client.reset();
      t.is(await call, "deadline_exceeded maybe");
      await desk.sleep(100);
      t.regex(reasons.join(), /^deadline_exceeded at 30[0-9]$/);
    });
  },
);

test.serial(
  "calls that are turned away take no place in the memory",
  async (t) => {
    const narrow = specWith("write", {
      ...{ dedupe: true, delivery: "at_least_once", concurrency: 1 },
    });
    const serve = { dedupe: { countMax: 2 } };
    await withHeedful({ spec: narrow, serve }, async (desk) => {
      const calls = [1, 2, 3, 4].map(() => outcomeOf(desk.notes.write({})));
      const refused = "resource_exhausted answered";
      t.deepEqual(await Promise.all(calls), ["1", refused, refused, refused]);
      t.is(await outcomeOf(desk.notes.write({})), "2");
    });
  },
);

test.serial("strangers take no place in the memory", async (t) => {
  let isInside = false;
  const serve = { dedupe: { countMax: 2 }, isInside: () => isInside };
  await atDesk({ spec, serve }, async ({ notes }) => {
    for (let count = 0; count < 4; count += 1)
      t.is(await outcomeOf(notes.write({})), "permission_denied answered");
    isInside = true;
    t.is(await outcomeOf(notes.write({ account: "abc" })), "3");
  });
});

test.serial(
  "a transport that is closed remembers no answers, and calls that run are given up",
  async (t) => {
    await withHeedful({ spec }, async (desk, reasons) => {
      t.is(await outcomeOf(desk.notes.write({})), "1");
      const call = outcomeOf(desk.notes.write({}));
      await desk.sleep(100);
      desk.world.network.circuits[0]?.client.reset();
      await desk.sleep(100);
      await desk.server.close();
      t.regex(reasons.join(), /^cancelled at 7\d\d$/);
      await desk.sleep(1);
      t.is(desk.handle.runningCount, 0);
      t.is(desk.server.metrics().deadlineCount, 0);
      const holdings = desk.world.inventory(serverIp)?.holdings ?? [];
      const timers = holdings.filter(({ kind }) => kind === "timer");
      t.deepEqual(timers, []);
      await desk.client.close();
      t.is(await call, "unavailable maybe");
    });
  },
);
