/** While a world steps, what is thrown into the void is its own; outside of its steps it is others'. */
import test from "ava";

import { ipA, worldOf } from "./support.ts";

const events = [
  "unhandledRejection",
  "uncaughtException",
  "rejectionHandled",
] as const;
type Listener = (...parameters: unknown[]) => void;

test.serial(
  "other listeners are set aside during a slice and put back in order afterwards",
  async (t) => {
    const heard: unknown[] = [];
    const mine = [
      (...heardOf: unknown[]) => heard.push(heardOf),
      (): void => undefined,
    ] as const;
    for (const event of events)
      for (const listener of mine) process.on(event, listener);
    const before = events.map((event) => process.rawListeners(event));
    const { nextTick } = process;
    let inside: Listener[] = [];
    const world = worldOf({ onCrash: () => undefined });
    world.boot(ipA, ({ time }) => {
      inside = events.flatMap(
        (event) =>
          process.listeners(event as "uncaughtException") as Listener[],
      );
      t.not(process.nextTick, nextTick);
      t.true(process.hasUncaughtExceptionCaptureCallback());
      time.schedule(
        1,
        () => void Promise.reject(new Error("only the world hears of it")),
      );
    });
    await world.runUntilEmpty();
    for (const listener of mine) t.false(inside.includes(listener));
    t.deepEqual(
      events.map((event) => process.rawListeners(event)),
      before,
    );
    t.is(process.nextTick, nextTick);
    t.false(process.hasUncaughtExceptionCaptureCallback());
    t.deepEqual(heard, []);
    for (const event of events)
      for (const listener of mine) process.off(event, listener);
  },
);

test.serial(
  "a listener for one event is still for one event after it was set aside",
  async (t) => {
    let count = 0;
    const once = (): void => {
      count += 1;
    };
    process.once("rejectionHandled", once);
    const world = worldOf();
    world.boot(ipA, ({ time }) => time.sleep(1));
    await world.runUntilEmpty();
    process.emit("rejectionHandled", Promise.resolve());
    process.emit("rejectionHandled", Promise.resolve());
    t.is(count, 1);
    t.false(process.listeners("rejectionHandled").includes(once));
  },
);

test.serial("listeners are put back although the run fails", async (t) => {
  const before = events.map((event) => process.rawListeners(event));
  const world = worldOf();
  await t.throwsAsync(
    world.runUntil(() => fail("asked once too often")),
    { message: "asked once too often" },
  );
  await t.throwsAsync(
    world.run(() => Promise.reject(new Error("on purpose"))),
    { message: "on purpose" },
  );
  t.deepEqual(
    events.map((event) => process.rawListeners(event)),
    before,
  );
  t.false(process.hasUncaughtExceptionCaptureCallback());
});

test.serial(
  "between two slices the listeners of others are back",
  async (t) => {
    let seen: boolean | undefined;
    const mine = (): void => undefined;
    process.on("uncaughtException", mine);
    const world = worldOf();
    setImmediate(() => {
      seen = process.listeners("uncaughtException").includes(mine);
    });
    await world.runUntil(() => seen !== undefined || !keepBusy(world));
    process.off("uncaughtException", mine);
    t.true(seen);
  },
);

test.serial("enter and leave enclose every slice", async (t) => {
  const calls: string[] = [];
  const world = worldOf({
    enter: () => calls.push("enter"),
    leave: () => calls.push("leave"),
  });
  world.boot(ipA, () => calls.push("boot"));
  await world.runUntilEmpty();
  t.deepEqual(calls, ["enter", "boot", "leave"]);
});

/** Something to do in the next step, always. */
function keepBusy(world: ReturnType<typeof worldOf>): boolean {
  world.time.schedule(1, () => undefined);
  return true;
}

function fail(message: string): never {
  throw new Error(message);
}
