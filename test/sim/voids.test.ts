/** Whatever is thrown into the void is the crash of the process that ran, wherever the world lives. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import test, { type ExecutionContext } from "ava";

import { SimWorld } from "../../src/sim/index.ts";
import {
  allVoids,
  throwIntoVoid,
  voidKinds,
  type VoidReport,
} from "./voids.ts";
import { ipA, ipB, worldOf } from "./support.ts";

const elsewhere = new URL("./voids-elsewhere.js", import.meta.url);

for (const kind of Object.keys(voidKinds)) {
  test.serial(
    `${kind} crashes the process that ran, and nobody else`,
    async (t) => {
      checkReport(t, await throwIntoVoid(kind), kind);
    },
  );
}

test.serial(
  "throws into the void come to the same in a worker thread",
  async (t) => {
    const worker = new Worker(elsewhere);
    const [reports] = (await once(worker, "message")) as [VoidReport[]];
    for (const [index, kind] of Object.keys(voidKinds).entries())
      checkReport(t, reports[index], kind);
    t.deepEqual(reports, await allVoids());
    await worker.terminate();
  },
);

test.serial(
  "throws into the void come to the same on a main thread",
  async (t) => {
    const child = fork(fileURLToPath(elsewhere), { execArgv: [] });
    const exit = once(child, "exit");
    const [reports] = (await once(child, "message")) as [VoidReport[]];
    t.deepEqual(reports, await allVoids());
    t.deepEqual(await exit, [0, null]);
  },
);

test.serial(
  "throws into the void crash the same process when settling by turns of the event loop",
  async (t) => {
    for (const settling of ["tick", "barrier"] as const) {
      const crashes: string[] = [];
      const world = new SimWorld({
        seed: 1,
        settling,
        onCrash: ({ ip }) => crashes.push(ip),
      });
      for (const ip of [ipA, ipB]) {
        world.boot(ip, async ({ time }) => {
          await time.sleep(1);
          queueMicrotask(() => {
            throw new Error("from a job");
          });
        });
      }
      await world.runUntilEmpty();
      t.deepEqual(crashes, [ipA, ipB], settling);
    }
  },
);

test.serial(
  "a throw of the code that drives the world fails the run with that very error",
  async (t) => {
    const failure = new Error("thrown by the driver");
    const world = worldOf();
    const run = world.run(async () => {
      queueMicrotask(() => {
        throw failure;
      });
      await world.time.sleep(1_000);
    });
    t.is(await t.throwsAsync(run), failure);
    t.is(world.nowMs, 0, "the run ended with the step");
  },
);

test.serial(
  "a crash that nobody expects fails the run with its error",
  async (t) => {
    const failure = new Error("thrown by a process");
    const world = worldOf();
    world.boot(ipA, () => Promise.reject(failure));
    t.is(
      await t.throwsAsync(world.run(() => world.time.sleep(1_000))),
      failure,
    );
    t.false(world.isAlive(ipA));
  },
);

test.serial("a world whose run has failed can be run on", async (t) => {
  const world = worldOf();
  world.boot(ipA, () => Promise.reject(new Error("on purpose")));
  await t.throwsAsync(world.runUntilEmpty(), { message: "on purpose" });
  t.is(await world.run(async () => world.isAlive(ipA)), false);
});

function checkReport(
  t: ExecutionContext,
  report: VoidReport | undefined,
  kind: string,
): void {
  t.deepEqual(
    report?.crashes,
    [{ ip: ipB, life: 1, message: kind, atMs: 5 }],
    kind,
  );
  t.deepEqual(
    report?.notes,
    ["a job of that step", "a tick of that step"],
    kind,
  );
  t.deepEqual(report?.ticks, [20, 20], kind);
  t.is(report?.ghostCalls, 0, kind);
}
