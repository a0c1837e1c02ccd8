/** What `select` leaves behind: nothing, whatever its arms do with their signals. */
import { getEventListeners } from "node:events";

import test from "ava";

import { selectInOrder } from "../../src/core/index.ts";
import { collectGarbage } from "../sim/garbage.ts";

/** Never settles, and never goes away: what a `Promise.race` piles its reactions on. */
const forever = new Promise<never>(() => undefined);

test("select leaves nothing of the winner on a promise that never settles", async (t) => {
  const memory = await selectOnce();
  await collectGarbage();
  t.is(memory.deref(), undefined);
  t.true(forever instanceof Promise);
});

test("Promise.race leaves the winner there, so this test sees the difference", async (t) => {
  const memory = await raceOnce();
  await collectGarbage();
  t.not(memory.deref(), undefined);
  t.true(forever instanceof Promise);
});

/** In functions of their own, so that no frame of a test holds what won. */
async function selectOnce(): Promise<WeakRef<Uint8Array>> {
  const { value } = await selectInOrder({
    heedless: () => forever,
    winner: () => Promise.resolve(new Uint8Array(1_000_000)),
  });
  return new WeakRef(value);
}

async function raceOnce(): Promise<WeakRef<Uint8Array>> {
  const winner = Promise.resolve(new Uint8Array(1_000_000));
  return new WeakRef(await Promise.race([forever, winner]));
}

test("select unsubscribes from the signal it was given, however it ends", async (t) => {
  const { signal } = new AbortController();
  const arms = [
    () => Promise.resolve(1),
    () => Promise.reject(new Error("rejected")),
    () => {
      throw new Error("thrown");
    },
  ];
  for (const arm of arms)
    await selectInOrder({ arm, forever: () => forever }, { signal }).catch(
      () => "its end is all that matters",
    );
  t.is(getEventListeners(signal, "abort").length, 0);
});

test("a loser that rejects late is nobody's error", async (t) => {
  let rejectLate: ((error: Error) => void) | undefined;
  const late = new Promise<never>((_, reject) => (rejectLate = reject));
  const first = await selectInOrder({
    late: () => late,
    early: () => Promise.resolve("early"),
  });
  t.is(first.name, "early");
  rejectLate?.(new Error("too late"));
  await new Promise((resolve) => setImmediate(resolve));
});
