/** The smallest helpers: bytes, promises with their ends in hand, invariants. */
import test from "ava";

import {
  concatBytes,
  emptyBytes,
  equalBytes,
  totalLength,
} from "../../src/base/bytes.ts";
import { deferred } from "../../src/base/deferred.ts";
import { invariant } from "../../src/base/invariant.ts";

test("concatBytes joins in order, empty pieces included", (t) => {
  const joined = concatBytes([
    Uint8Array.of(1, 2),
    emptyBytes,
    Uint8Array.of(3),
    Uint8Array.of(4, 5),
  ]);
  t.deepEqual(joined, Uint8Array.of(1, 2, 3, 4, 5));
  t.deepEqual(concatBytes([]), emptyBytes);
});

test("concatBytes copies several arrays, and hands on a single one as it is", (t) => {
  const first = Uint8Array.of(1);
  const joined = concatBytes([first, Uint8Array.of(2)]);
  first[0] = 9;
  t.deepEqual(joined, Uint8Array.of(1, 2));
  t.is(concatBytes([first]), first);
});

test("totalLength adds up", (t) => {
  t.is(totalLength([]), 0);
  t.is(totalLength([new Uint8Array(3), emptyBytes, new Uint8Array(4)]), 7);
});

test("equalBytes compares length and every byte", (t) => {
  const bytes = Uint8Array.of(1, 2, 3);
  t.true(equalBytes(bytes, Uint8Array.of(1, 2, 3)));
  t.true(equalBytes(emptyBytes, new Uint8Array(0)));
  t.false(equalBytes(bytes, Uint8Array.of(1, 2)));
  t.false(equalBytes(Uint8Array.of(1, 2), bytes));
  for (const place of [0, 1, 2]) {
    const other = bytes.slice();
    other[place] = 9;
    t.false(equalBytes(bytes, other));
  }
});

test("deferred resolves from outside, once", async (t) => {
  const { promise, resolve, reject } = deferred<number>();
  resolve(1);
  resolve(2);
  reject(new Error("too late"));
  t.is(await promise, 1);
});

test("deferred rejects from outside", async (t) => {
  const { promise, reject } = deferred<number>();
  const reason = new Error("from outside");
  reject(reason);
  t.is(await t.throwsAsync(promise), reason);
});

test("invariant passes what holds and throws for what does not, with its message", (t) => {
  t.notThrows(() => invariant(1 === 1, "never said"));
  for (const broken of [false, 0, "", null, undefined]) {
    t.throws(() => invariant(broken, "a queue has no end"), {
      message: "wavetank is broken, please report: a queue has no end",
    });
  }
});
