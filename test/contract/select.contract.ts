/** What waiting for the first of several things must do, whoever provides time and chance. */
import { select, selectInOrder, TaskError } from "../../src/core/index.ts";
import { type ContractTest, contractCases, type Harness } from "./contract.ts";

export function selectContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} select`, harness);

  check("select() yields the first arm's name and value", async (t, { a }) => {
    const first = await select(a.random, {
      late: (signal) => a.time.sleep(60_000, { signal }),
      early: async () => {
        await a.time.sleep(2);
        return 7;
      },
    });
    t.deepEqual(first, { name: "early", value: 7 });
  });

  check(
    "select() tells the losers, and not the winner, by their signals",
    async (t, { a }) => {
      const reasons: Record<string, unknown> = {};
      const signals: AbortSignal[] = [];
      const wait = (name: string, ms: number) => (signal: AbortSignal) => {
        signals.push(signal);
        signal.addEventListener("abort", () => (reasons[name] = signal.reason));
        return a.time.sleep(ms, { signal });
      };
      await select(a.random, {
        winner: wait("winner", 1),
        loser: wait("loser", 60_000),
      });
      await a.time.sleep(1);
      t.deepEqual(Object.keys(reasons), ["loser"]);
      t.true(reasons["loser"] instanceof TaskError);
      t.is(new Set(signals).size, 2, "each has one of its own");
    },
  );

  check(
    "select() rejects with the first arm's error, and with no other",
    async (t, { a }) => {
      const failure = new Error("the first");
      const fail = (ms: number, error: Error) => async () => {
        await a.time.sleep(ms);
        throw error;
      };
      const both = select(a.random, {
        first: fail(1, failure),
        second: fail(5, new Error("the second")),
      });
      t.is(await t.throwsAsync(both), failure);
      await a.time.sleep(10);
    },
  );

  check(
    "select() of an arm that throws at once rejects, and starts no more",
    async (t, { a }) => {
      let started = 0;
      const arm = (): never => {
        started += 1;
        throw new Error("at once");
      };
      const message = "at once";
      await t.throwsAsync(select(a.random, { one: arm, two: arm }), {
        message,
      });
      t.is(started, 1);
    },
  );

  check(
    "select() ends with its own signal, and so do all arms",
    async (t, { a }) => {
      const controller = new AbortController();
      const stopped = new Error("enough");
      let told = 0;
      const wait = async (signal: AbortSignal): Promise<void> => {
        signal.addEventListener("abort", () => (told += 1));
        await a.time.sleep(60_000, { signal });
      };
      const waiting = select(
        a.random,
        { one: wait, two: wait },
        { signal: controller.signal },
      );
      await a.time.sleep(1);
      controller.abort(stopped);
      t.is(await t.throwsAsync(waiting), stopped);
      t.is(told, 2);
      const late = select(
        a.random,
        { one: () => Promise.resolve(t.fail("it was started")) },
        { signal: controller.signal },
      );
      t.is(await t.throwsAsync(late), stopped);
    },
  );

  check("select() favours none of those that are ready", async (t, { a }) => {
    const ready = (): Promise<string> => Promise.resolve("ready");
    const wins: Record<string, number> = { x: 0, y: 0, z: 0 };
    for (let turn = 0; turn < 900; turn += 1) {
      const { name } = await select(a.random, { x: ready, y: ready, z: ready });
      wins[name] = (wins[name] ?? 0) + 1;
    }
    for (const [name, count] of Object.entries(wins))
      t.true(count > 220 && count < 380, `${name} was first ${count} times`);
  });

  check(
    "selectInOrder() takes the one that is written first",
    async (t, { a }) => {
      const ready = (): Promise<string> => Promise.resolve("ready");
      for (let turn = 0; turn < 20; turn += 1)
        t.is((await selectInOrder({ x: ready, y: ready })).name, "x");
      const wait = (): Promise<void> => a.time.sleep(2);
      t.is((await selectInOrder({ wait, ready })).name, "ready");
    },
  );

  check("select() of nothing is refused", async (t, { a }) => {
    t.throws(() => void select(a.random, {}), { instanceOf: RangeError });
    t.throws(() => void selectInOrder({}), { instanceOf: RangeError });
  });
}
