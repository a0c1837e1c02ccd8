import test from "ava";

import { Watch } from "../../src/services/watch.ts";

/** A value that is watched, and who watches it. */
function watched(value: string): {
  among: Set<Watch<string>>;
  begin: (signal?: AbortSignal) => Watch<string>;
  change: (next: string) => void;
} {
  const state = { value };
  const among = new Set<Watch<string>>();
  return {
    among,
    begin: (signal = new AbortController().signal) =>
      new Watch({ signal, among, read: () => state.value }),
    change: (next) => {
      state.value = next;
      for (const watch of among) watch.look();
    },
  };
}

test("Watch is found while it lasts, and by nobody when it was left or its signal fired", async (t) => {
  const { among, begin } = watched("a");
  const controller = new AbortController();
  const [left, aborted] = [begin(), begin(controller.signal)];
  t.deepEqual(among, new Set([left, aborted]));
  t.deepEqual(await left.next(), { done: false, value: "a" });
  t.true((await left.return()).done);
  controller.abort();
  t.is(among.size, 0);
  begin(controller.signal);
  t.is(among.size, 0, "a signal that has fired before");
});

test("Watch that is left while it waits is told so, and stays over", async (t) => {
  const { begin, change } = watched("a");
  const watch = begin();
  await watch.next();
  const waiting = watch.next();
  await watch.return();
  t.true((await waiting).done);
  change("b");
  t.true((await watch.next()).done);
});

test("Watch has no news when a value is back to what was told", async (t) => {
  const { begin, change } = watched("a");
  const watch = begin();
  await watch.next();
  change("b");
  change("a");
  const waiting = watch.next();
  change("c");
  t.deepEqual(await waiting, { done: false, value: "c" });
});
