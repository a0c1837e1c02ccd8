import test from "ava";

import { AppendList } from "../../src/base/append-list.ts";

function listOf(count: number, keepMax?: number): AppendList<number> {
  const list = new AppendList<number>(keepMax);
  for (let number = 0; number < count; number += 1) list.push(number);
  return list;
}

test("AppendList numbers its entries from 0 and gives each reader each of them once", (t) => {
  const list = listOf(3);
  const [early, late] = [list.cursor(), list.cursor(2)];
  t.deepEqual([early.next(), early.next()], [0, 1]);
  t.is(early.pending, 1);
  t.is(late.next(), 2);
  t.is(late.next(), undefined);
  list.push(3);
  t.deepEqual([early.next(), early.next(), early.next()], [2, 3, undefined]);
  t.is(late.next(), 3);
});

test("AppendList gives copies, so that what was read stays what it was", (t) => {
  const list = listOf(2);
  const before = list.since();
  list.push(2);
  t.deepEqual(before, [0, 1]);
  t.deepEqual(list.since(1), [1, 2]);
  t.deepEqual(list.since(7), []);
  t.is(list.last, 2);
  t.is(listOf(0).last, undefined);
});

test("AppendList with a bound keeps the newest under the same numbers", (t) => {
  for (const count of [1, 3, 6, 7, 100]) {
    const list = listOf(count, 3);
    t.is(list.length, count);
    t.true(count - list.first <= 6 && count - list.first >= Math.min(3, count));
    t.is(list.at(count - 1), count - 1);
    t.is(list.at(list.first - 1), undefined);
    t.is(list.since().length, count - list.first);
    t.deepEqual(list.since(count - 1), [count - 1]);
  }
});

test("a cursor that comes too late says how many entries it missed", (t) => {
  const list = listOf(2, 3);
  const cursor = list.cursor();
  t.is(cursor.next(), 0);
  for (let number = 2; number < 20; number += 1) list.push(number);
  t.is(cursor.pending, 19);
  t.is(cursor.next(), list.first);
  t.is(cursor.missed, list.first - 1);
});
