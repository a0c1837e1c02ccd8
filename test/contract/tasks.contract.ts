/** What everybody who starts tasks must do. */
import { TaskError, type TaskHandle } from "../../src/core/index.ts";
import { type ContractTest, contractCases, type Harness } from "./contract.ts";

export function tasksContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} tasks`, harness);

  check("spawn() starts the task before it returns", async (t, { a }) => {
    let started = false;
    const task = a.tasks.spawn("starter", async () => {
      started = true;
    });
    t.true(started);
    t.is(task.name, "starter");
    await task.join();
  });

  check("join() yields the value", async (t, { a }) => {
    const task = a.tasks.spawn("adder", async () => {
      await a.time.sleep(2);
      return 1 + 1;
    });
    t.false(task.finished);
    t.is(await task.join(), 2);
    t.true(task.finished);
  });

  check(
    "join() rejects with what the task threw, unchanged",
    async (t, { a }) => {
      const failure = new Error("thrown by the task");
      const task = a.tasks.spawn("thrower", async () => {
        await a.time.sleep(1);
        throw failure;
      });
      t.is(await t.throwsAsync(task.join()), failure);
      t.true(task.finished);
    },
  );

  check(
    "a task that throws before its first await rejects join()",
    async (t, { a }) => {
      const failure = new Error("thrown at once");
      const task = a.tasks.spawn("thrower", () => {
        throw failure;
      });
      t.is(await t.throwsAsync(task.join()), failure);
    },
  );

  check("join() works after the end, and twice", async (t, { a }) => {
    const task = a.tasks.spawn("early", async () => "value");
    await a.time.sleep(5);
    t.true(task.finished);
    t.is(await task.join(), "value");
    t.is(await task.join(), "value");
  });

  check(
    "abort() rejects join() at once and fires the signal",
    async (t, { a }) => {
      let signal: AbortSignal | undefined;
      const task = a.tasks.spawn("victim", async (given) => {
        signal = given;
        await a.time.sleep(30);
      });
      t.false(signal?.aborted);
      const startMs = a.time.now();
      task.abort(new Error("because"));
      t.true(task.finished);
      t.is((signal?.reason as Error | undefined)?.message, "because");
      const error = await t.throwsAsync(task.join(), { instanceOf: TaskError });
      t.true(a.time.now() - startMs < 30);
      t.is(error?.code, "aborted");
      t.deepEqual(error?.details, { task: "victim" });
    },
  );

  check(
    "an aborted task that nobody joins is no error, even if it throws",
    async (t, { a }) => {
      const task = a.tasks.spawn("victim", async (signal) =>
        a.time.sleep(60_000, { signal }),
      );
      task.abort();
      await a.time.sleep(5);
      t.true(task.finished);
    },
  );

  check("abort() after the end is harmless", async (t, { a }) => {
    let signal: AbortSignal | undefined;
    const task: TaskHandle<string> = a.tasks.spawn("done", async (given) => {
      signal = given;
      return "value";
    });
    t.is(await task.join(), "value");
    task.abort(new Error("late"));
    t.is(await task.join(), "value");
    t.false(signal?.aborted);
  });

  check("abort() of one task leaves the others alone", async (t, { a }) => {
    const survivor = a.tasks.spawn("survivor", async (signal) => {
      await a.time.sleep(5, { signal });
      return "alive";
    });
    const victim = a.tasks.spawn("victim", async (signal) =>
      a.time.sleep(60_000, { signal }),
    );
    victim.abort();
    t.is(await survivor.join(), "alive");
  });

  check(
    "yieldNow() lets everything that is ready go first",
    async (t, { a }) => {
      const order: string[] = [];
      const other = a.tasks.spawn("other", async () => {
        for (let turn = 0; turn < 3; turn += 1) {
          await Promise.resolve();
          order.push("other");
        }
      });
      await a.tasks.yieldNow();
      order.push("yielded");
      await other.join();
      t.deepEqual(order, ["other", "other", "other", "yielded"]);
    },
  );

  check("tasks that yield take turns", async (t, { a }) => {
    const order: string[] = [];
    const turns = async (name: string): Promise<void> => {
      for (let turn = 0; turn < 3; turn += 1) {
        order.push(name);
        await a.tasks.yieldNow();
      }
    };
    await Promise.all([turns("x"), turns("y")]);
    t.deepEqual(order, ["x", "y", "x", "y", "x", "y"]);
  });

  check("defer() runs once, after what is ready", async (t, { a }) => {
    const order: string[] = [];
    const ready = Promise.resolve().then(() => order.push("ready"));
    a.tasks.defer(() => order.push("deferred"));
    order.push("now");
    await ready;
    await a.time.sleep(5);
    t.deepEqual(order, ["now", "ready", "deferred"]);
  });

  check(
    "deferred callbacks run in order, also those deferred by others",
    async (t, { a }) => {
      const order: string[] = [];
      a.tasks.defer(() => {
        order.push("first");
        a.tasks.defer(() => order.push("third"));
      });
      a.tasks.defer(() => order.push("second"));
      await a.time.sleep(5);
      t.deepEqual(order, ["first", "second", "third"]);
    },
  );
}
