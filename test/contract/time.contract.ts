/** What every clock must do: reading it, and timers. */
import { type ContractTest, contractCases, type Harness } from "./contract.ts";

export function timeContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} time`, harness);

  check("now() never decreases", async (t, { a }) => {
    let before = a.time.now();
    for (let look = 0; look < 1_000; look += 1) {
      const now = a.time.now();
      t.true(now >= before, `${now} came after ${before}`);
      before = now;
      if (look % 500 === 0) await a.time.sleep(1);
    }
  });

  check(
    "timer() is never behind now() and never decreases",
    async (t, { a }) => {
      let before = a.time.timer();
      for (let look = 0; look < 100; look += 1) {
        const now = a.time.now();
        const timer = a.time.timer();
        t.true(timer >= now && timer >= before);
        before = timer;
        if (look % 50 === 0) await a.time.sleep(1);
      }
    },
  );

  check("wallClock() is in this century and advances", async (t, { a }) => {
    const before = a.time.wallClock();
    t.true(before > Date.UTC(2020, 0, 1) && before < Date.UTC(2100, 0, 1));
    await a.time.sleep(10);
    t.true(a.time.wallClock() > before);
  });

  check(
    "schedule() runs its callback once and never early",
    async (t, { a }) => {
      const startMs = a.time.now();
      let runs = 0;
      const elapsedMs = await new Promise<number>((resolve) => {
        a.time.schedule(7, () => {
          runs += 1;
          resolve(a.time.now() - startMs);
        });
      });
      t.true(elapsedMs >= 7, `ran after ${elapsedMs} ms`);
      await a.time.sleep(10);
      t.is(runs, 1);
    },
  );

  check(
    "schedule() does not run its callback before it returns",
    async (t, { a }) => {
      let ran = false;
      a.time.schedule(0, () => (ran = true));
      t.false(ran);
      await a.time.sleep(2);
      t.true(ran);
    },
  );

  check("a cancelled timer never runs", async (t, { a }) => {
    let ran = false;
    const timer = a.time.schedule(5, () => (ran = true));
    timer.cancel();
    timer.cancel();
    await a.time.sleep(15);
    t.false(ran);
  });

  check("cancelling a timer that ran is harmless", async (t, { a }) => {
    let runs = 0;
    const timer = a.time.schedule(1, () => (runs += 1));
    await a.time.sleep(10);
    timer.cancel();
    t.is(runs, 1);
  });

  check("a timer may be cancelled by another", async (t, { a }) => {
    let ran = false;
    const later = a.time.schedule(20, () => (ran = true));
    a.time.schedule(3, () => later.cancel());
    await a.time.sleep(30);
    t.false(ran);
  });

  check("timers run in the order of their times", async (t, { a }) => {
    const order: string[] = [];
    a.time.schedule(20, () => order.push("late"));
    a.time.schedule(5, () => order.push("early"));
    a.time.schedule(12, () => order.push("middle"));
    await a.time.sleep(30);
    t.deepEqual(order, ["early", "middle", "late"]);
  });

  for (const ms of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    check(`a delay of ${ms} is refused by name`, async (t, { a }) => {
      const expectation = {
        instanceOf: RangeError,
        message: new RegExp(`not ${ms}$`),
      };
      t.throws(() => a.time.schedule(ms, () => t.fail("it ran")), expectation);
      // Before anything starts, so not as a rejection.
      t.throws(() => void a.time.sleep(ms), expectation);
    });
  }
}
