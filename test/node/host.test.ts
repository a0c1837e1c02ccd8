/** What the laboratory asks of its host. */
import test from "ava";

import { watchStrayErrors } from "../../src/node/index.ts";

test.serial(
  "watchStrayErrors hears what nobody caught, and puts back who heard of it before",
  async (t) => {
    const events = ["unhandledRejection", "uncaughtException"] as const;
    const listeners = (): unknown[] =>
      events.map((event) => process.rawListeners(event));
    const before = listeners();
    const strays: unknown[] = [];
    const unwatch = watchStrayErrors((error) => strays.push(error));
    t.deepEqual(
      events.map((event) => process.listenerCount(event)),
      [1, 1],
    );
    const lost = Promise.reject(new Error("lost"));
    await new Promise(setImmediate);
    t.like(strays[0], { message: "lost" });
    unwatch();
    t.deepEqual(listeners(), before);
    await t.throwsAsync(lost);
  },
);
