import test from "ava";

import { Sfc32 } from "../../src/base/sfc32.ts";
import {
  DeadlineQueue,
  type Expiring,
} from "../../src/transport/deadline-queue.ts";
import { TestTime } from "./test-time.ts";

class Entry implements Expiring {
  queueIndex = -1;
  expiredAtMs: number | undefined;
  readonly deadlineMs: number;
  readonly #time: TestTime;

  constructor(time: TestTime, deadlineMs: number) {
    this.#time = time;
    this.deadlineMs = deadlineMs;
  }

  expire(): void {
    this.expiredAtMs = this.#time.now();
  }
}

test("DeadlineQueue expires entries when they are due, and not before", (t) => {
  const time = new TestTime();
  const queue = new DeadlineQueue(time);
  const entries = [30, 10, 20, 10].map((ms) => new Entry(time, ms));
  for (const entry of entries) queue.add(entry);
  time.advance(9.999);
  t.is(queue.size, 4);
  time.advance(100);
  t.deepEqual(
    entries.map(({ expiredAtMs }) => expiredAtMs),
    [30, 10, 20, 10],
  );
});

test("DeadlineQueue passes over what is never due", (t) => {
  const time = new TestTime();
  const queue = new DeadlineQueue(time);
  const never = new Entry(time, Infinity);
  queue.add(never);
  t.is(queue.size + time.timerCount, 0);
  const soon = new Entry(time, 5);
  queue.add(soon);
  time.advance(100);
  t.is(soon.expiredAtMs, 5);
  t.is(queue.size + time.timerCount, 0);
  queue.delete(never);
  t.is(never.expiredAtMs, undefined);
});

test("DeadlineQueue keeps a timer exactly while it has entries", (t) => {
  const time = new TestTime();
  const queue = new DeadlineQueue(time);
  t.is(time.timerCount, 0);
  const entries = [5, 3, 8].map((ms) => new Entry(time, ms));
  for (const entry of entries) {
    queue.add(entry);
    t.is(time.timerCount, 1);
  }
  for (const entry of entries) {
    t.is(time.timerCount, 1);
    queue.delete(entry);
  }
  t.is(time.timerCount, 0);
  time.advance(10);
  t.true(entries.every(({ expiredAtMs }) => expiredAtMs === undefined));
});

test("DeadlineQueue ignores the deletion of what is not in it", (t) => {
  const time = new TestTime();
  const queue = new DeadlineQueue(time);
  const entry = new Entry(time, 5);
  queue.delete(entry);
  queue.add(entry);
  queue.delete(entry);
  queue.delete(entry);
  t.is(queue.size, 0);
});

test("DeadlineQueue expires the right entries in the right order, whatever is deleted", (t) => {
  const random = new Sfc32();
  random.seed(Uint32Array.of(5, 6, 7, 8));
  for (let round = 0; round < 50; round += 1) {
    const time = new TestTime();
    const queue = new DeadlineQueue(time);
    const entries = Array.from(
      { length: 100 },
      () => new Entry(time, random.next() % 50),
    );
    for (const entry of entries) queue.add(entry);
    const kept = entries.filter(() => random.next() % 2 === 0);
    for (const entry of entries) if (!kept.includes(entry)) queue.delete(entry);
    time.advance(50);
    for (const entry of entries) {
      const expected = kept.includes(entry) ? entry.deadlineMs : undefined;
      if (entry.expiredAtMs !== expected)
        t.fail(`due at ${entry.deadlineMs}, expired at ${entry.expiredAtMs}`);
    }
    t.is(queue.size, 0);
    t.is(time.timerCount, 0);
  }
});

test("DeadlineQueue may be changed by an entry that expires", (t) => {
  const time = new TestTime();
  const queue = new DeadlineQueue(time);
  const late = new Entry(time, 20);
  const early = new Entry(time, 10);
  early.expire = () => {
    queue.delete(late);
    queue.add(new Entry(time, 15));
  };
  queue.add(early);
  queue.add(late);
  time.advance(12);
  t.is(queue.size, 1);
  t.is(time.timerCount, 1);
  time.advance(30);
  t.is(late.expiredAtMs, undefined);
  t.is(time.timerCount, 0);
});
