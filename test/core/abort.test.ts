import { getEventListeners } from "node:events";

import test from "ava";

import {
  deadline,
  onAbort,
  TimeError,
  timeout,
  type TimeProvider,
} from "../../src/core/index.ts";

test("onAbort calls back once, with the reason", (t) => {
  const controller = new AbortController();
  const reasons: unknown[] = [];
  onAbort(controller.signal, (reason) => reasons.push(reason));
  t.deepEqual(reasons, []);
  controller.abort("why");
  controller.abort("again");
  t.deepEqual(reasons, ["why"]);
  t.is(listenersOf(controller.signal), 0);
});

test("onAbort calls back at once for a signal that has fired, and subscribes nothing", (t) => {
  const signal = AbortSignal.abort("earlier");
  const reasons: unknown[] = [];
  onAbort(signal, (reason) => reasons.push(reason))();
  t.deepEqual(reasons, ["earlier"]);
  t.is(listenersOf(signal), 0);
});

test("onAbort unsubscribes without a trace", (t) => {
  const controller = new AbortController();
  const unsubscribe = onAbort(controller.signal, () =>
    t.fail("it was unsubscribed"),
  );
  t.is(listenersOf(controller.signal), 1);
  unsubscribe();
  unsubscribe();
  t.is(listenersOf(controller.signal), 0);
  controller.abort();
});

test("onAbort has one listener at a signal, however many wait for it", (t) => {
  const controller = new AbortController();
  const woken: number[] = [];
  const undo = Array.from({ length: 20 }, (_, index) =>
    onAbort(controller.signal, () => woken.push(index)),
  );
  t.is(listenersOf(controller.signal), 1, "Node warns of more than ten");
  undo[3]?.();
  undo[3]?.();
  onAbort(controller.signal, () => woken.push(20));
  controller.abort();
  t.deepEqual(
    woken,
    Array.from({ length: 21 }, (_, index) => index).filter((i) => i !== 3),
  );
  t.is(listenersOf(controller.signal), 0);
});

test("onAbort takes the same function twice, and gives back one of them", (t) => {
  const controller = new AbortController();
  let count = 0;
  const callback = (): void => void (count += 1);
  onAbort(controller.signal, callback);
  onAbort(controller.signal, callback)();
  t.is(listenersOf(controller.signal), 1);
  controller.abort();
  t.is(count, 1);
});

test("onAbort does not call those that an earlier one unsubscribes", (t) => {
  const controller = new AbortController();
  onAbort(controller.signal, () => undo());
  const undo = onAbort(controller.signal, () => t.fail("it was unsubscribed"));
  controller.abort();
  t.pass();
});

test.serial(
  "onAbort calls everybody when one throws, which stays unhandled",
  async (t) => {
    const controller = new AbortController();
    const woken: string[] = [];
    onAbort(controller.signal, () => {
      throw new Error("the first waiter is broken");
    });
    onAbort(controller.signal, () => woken.push("second"));
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    const caught = new Promise<unknown>((resolve) =>
      process.once("uncaughtException", resolve),
    );
    controller.abort();
    t.is(((await caught) as Error).message, "the first waiter is broken");
    for (const other of others) process.on("uncaughtException", other);
    t.deepEqual(woken, ["second"]);
  },
);

test("onAbort without a signal never calls back", (t) => {
  t.notThrows(onAbort(undefined, () => t.fail("there is no signal")));
});

test("deadline fires its signal with a TimeError when time is up", (t) => {
  const clock = new TestClock();
  const { signal } = deadline(clock, 250);
  t.false(signal.aborted);
  clock.fire();
  t.true(signal.reason instanceof TimeError);
  const reason = signal.reason as TimeError;
  t.is(reason.message, "[elapsed] the deadline of 250 ms passed");
  t.deepEqual(reason.details, { timeoutMs: 250 });
});

test("deadline that is disposed leaves neither timer nor listener", (t) => {
  const clock = new TestClock();
  const parent = new AbortController();
  const limit = deadline(clock, 250, parent.signal);
  t.is(clock.pending, 1);
  t.is(listenersOf(parent.signal), 1);
  limit[Symbol.dispose]();
  t.is(clock.pending, 0);
  t.is(listenersOf(parent.signal), 0);
  parent.abort();
  t.false(limit.signal.aborted);
});

test("deadline follows its parent, also one that has fired already", (t) => {
  const parent = new AbortController();
  const before = deadline(new TestClock(), 250, parent.signal);
  parent.abort("stop");
  const after = deadline(new TestClock(), 250, parent.signal);
  t.is(before.signal.reason, "stop");
  t.is(after.signal.reason, "stop");
});

const endings: readonly [how: string, work: () => Promise<number>][] = [
  ["resolves", () => Promise.resolve(1)],
  ["rejects", () => Promise.reject(new Error("the work failed"))],
  [
    "throws before its first await",
    () => {
      throw new Error("the work failed");
    },
  ],
];
for (const [how, work] of endings) {
  test(`timeout leaves no timer behind when the work ${how}`, async (t) => {
    const clock = new TestClock();
    const result = await timeout(clock, 100, work).catch(
      (error: Error) => error.message,
    );
    t.is(result, how === "resolves" ? 1 : "the work failed");
    t.is(clock.pending, 0);
  });
}

test("timeout rejects and fires the work's signal with one and the same error", async (t) => {
  const clock = new TestClock();
  let given: AbortSignal | undefined;
  const waiting = timeout(clock, 100, (signal) => {
    given = signal;
    return new Promise<never>(() => t.false(signal.aborted));
  });
  clock.fire();
  const error = await t.throwsAsync(waiting, { instanceOf: TimeError });
  t.is(error?.message, "[elapsed] the work took longer than 100 ms");
  t.is(given?.reason, error);
});

/** Holds timers until it is told that their time has come. */
class TestClock implements TimeProvider {
  readonly #timers = new Set<() => void>();

  get pending(): number {
    return this.#timers.size;
  }

  fire(): void {
    for (const callback of this.#timers) callback();
    this.#timers.clear();
  }

  schedule(_ms: number, callback: () => void): { cancel: () => void } {
    this.#timers.add(callback);
    return { cancel: () => void this.#timers.delete(callback) };
  }

  now(): number {
    return 0;
  }

  timer(): number {
    return 0;
  }

  wallClock(): number {
    return 0;
  }

  sleep(): Promise<void> {
    return Promise.reject(new Error("nobody sleeps on this clock"));
  }
}

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}
