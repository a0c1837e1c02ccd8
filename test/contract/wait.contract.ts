/** What every clock must do: sleeping, time-outs and deadlines. */
import { deadline, onAbort, TimeError, timeout } from "../../src/core/index.ts";
import { type ContractTest, contractCases, type Harness } from "./contract.ts";

export function waitContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} time`, harness);

  for (const ms of [0, 0.3, 1, 2.5, 20]) {
    check(`sleep(${ms}) never wakes early`, async (t, { a }) => {
      for (let round = 0; round < 3; round += 1) {
        const startMs = a.time.now();
        await a.time.sleep(ms);
        const sleptMs = a.time.now() - startMs;
        t.true(sleptMs >= ms, `slept ${sleptMs} ms`);
      }
    });
  }

  check(
    "sleep() counts from the call, not from the await",
    async (t, { a }) => {
      let woke = false;
      const sleeping = a.time.sleep(5).then(() => (woke = true));
      await a.time.sleep(20);
      t.true(woke);
      await sleeping;
    },
  );

  check("many sleeps wake, none early", async (t, { a }) => {
    const startMs = a.time.now();
    const delaysMs = Array.from(
      { length: 200 },
      (_, index) => (index * 7) % 20,
    );
    const early = await Promise.all(
      delaysMs.map(async (ms) => {
        await a.time.sleep(ms);
        return a.time.now() - startMs < ms;
      }),
    );
    t.false(early.includes(true));
  });

  check(
    "an aborted sleep rejects with the reason and does not wait",
    async (t, { a }) => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const startMs = a.time.now();
      a.time.schedule(5, () => controller.abort(reason));
      const error = await t.throwsAsync(
        a.time.sleep(60_000, { signal: controller.signal }),
      );
      t.is(error, reason);
      t.true(a.time.now() - startMs < 30_000);
    },
  );

  check("a sleep with a fired signal rejects at once", async (t, { a }) => {
    const reason = new Error("too late");
    const signal = AbortSignal.abort(reason);
    t.is(await t.throwsAsync(a.time.sleep(60_000, { signal })), reason);
  });

  check(
    "a signal that fires after the sleep changes nothing",
    async (t, { a }) => {
      const controller = new AbortController();
      await a.time.sleep(2, { signal: controller.signal });
      controller.abort(new Error("late"));
      await a.time.sleep(2);
      t.pass();
    },
  );

  check("timeout() passes on the value in time", async (t, { a }) => {
    let signal: AbortSignal | undefined;
    const value = await timeout(a.time, 30, async (given) => {
      signal = given;
      await a.time.sleep(2);
      return "done";
    });
    t.is(value, "done");
    await a.time.sleep(35);
    t.false(signal?.aborted, "the timer was cancelled");
  });

  check("timeout() passes on the error of the work", async (t, { a }) => {
    const failure = new Error("work failed");
    const error = await t.throwsAsync(
      timeout(a.time, 30, () => Promise.reject(failure)),
    );
    t.is(error, failure);
  });

  check(
    "timeout() rejects and aborts the loser when time is up",
    async (t, { a }) => {
      const startMs = a.time.now();
      let loserReason: unknown;
      const work = timeout(a.time, 10, async (signal) => {
        onAbort(signal, (reason) => (loserReason = reason));
        await a.time.sleep(60_000, { signal });
      });
      const error = await t.throwsAsync(work, { instanceOf: TimeError });
      t.true(a.time.now() - startMs >= 10);
      t.is(error?.code, "elapsed");
      t.deepEqual(error?.details, { timeoutMs: 10 });
      t.is(loserReason, error);
    },
  );

  check(
    "deadline() fires its signal in time, never early",
    async (t, { a }) => {
      const startMs = a.time.now();
      const due = deadline(a.time, 8);
      t.false(due.signal.aborted);
      await new Promise((resolve) => onAbort(due.signal, resolve));
      t.true(a.time.now() - startMs >= 8);
      t.true(due.signal.reason instanceof TimeError);
      due[Symbol.dispose]();
    },
  );

  check("deadline() follows its parent", async (t, { a }) => {
    const parent = new AbortController();
    const due = deadline(a.time, 60_000, parent.signal);
    const reason = new Error("parent");
    parent.abort(reason);
    t.is(due.signal.reason, reason);
    due[Symbol.dispose]();
  });

  check("a disposed deadline never fires", async (t, { a }) => {
    const due = deadline(a.time, 5);
    due[Symbol.dispose]();
    await a.time.sleep(15);
    t.false(due.signal.aborted);
  });
}
