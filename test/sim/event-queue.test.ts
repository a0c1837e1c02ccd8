import test from "ava";

import {
  EventQueue,
  Incarnation,
  type EventHandle,
} from "../../src/sim/index.ts";

const owners = [
  new Incarnation(0, "world", 1),
  new Incarnation(1, "a", 1),
  new Incarnation(2, "b", 1),
] as const;

test("EventQueue fires in the order of time", (t) => {
  const queue = new EventQueue();
  for (const time of [5, 1, 4, 2, 3]) add(queue, { time });
  t.deepEqual(drained(queue), ["1", "2", "3", "4", "5"]);
});

test("EventQueue fires equal times in the order of scheduling", (t) => {
  const queue = new EventQueue();
  const names = Array.from({ length: 200 }, (_, index) => `event ${index}`);
  for (const name of names) add(queue, { time: 7, name });
  t.deepEqual(drained(queue), names);
});

test("EventQueue lets the tie decide between equal times, and time before the tie", (t) => {
  const queue = new EventQueue();
  add(queue, { time: 2, tie: 0, name: "later" });
  add(queue, { time: 1, tie: 0x1f_ffff, name: "last" });
  add(queue, { time: 1, tie: 1, name: "second" });
  add(queue, { time: 1, tie: 0, name: "first" });
  t.deepEqual(drained(queue), ["first", "second", "last", "later"]);
});

test("EventQueue hands out all that an event was scheduled with, and forgets it when told", (t) => {
  const queue = new EventQueue();
  const argument = { some: "argument" };
  const action = (): void => t.fail("the queue itself runs nothing");
  queue.schedule(1, 9, owners[0], 1, action, undefined);
  queue.schedule(12_345_678_901, 3, owners[1], 5, action, argument);
  t.is(queue.nextTime, 1);
  t.true(queue.pop());
  t.true(queue.pop());
  t.deepEqual(
    [queue.time, queue.tie, queue.sequence, queue.kind],
    [12_345_678_901, 3, 1, 5],
  );
  t.is(queue.owner, owners[1]);
  t.is(queue.action, action);
  t.is(queue.argument, argument);
  queue.forget();
  t.deepEqual(
    [queue.owner, queue.action, queue.argument],
    [undefined, undefined, undefined],
  );
});

test("EventQueue that is empty has nothing to pop, ever", (t) => {
  const queue = new EventQueue();
  t.false(queue.pop());
  t.is(queue.nextTime, Infinity);
  add(queue, { time: 1 });
  queue.clear();
  t.is(queue.size, 0);
  t.false(queue.pop());
});

test("EventQueue cancels once: handles of what fired or was cancelled are stale", (t) => {
  const queue = new EventQueue();
  const fired = add(queue, { time: 1 });
  queue.pop();
  t.false(queue.cancel(fired));
  const cancelled = add(queue, { time: 2 });
  t.true(queue.cancel(cancelled));
  t.false(queue.cancel(cancelled));
  const reused = add(queue, { time: 3, name: "in the same slot" });
  t.false(queue.cancel(fired));
  t.false(queue.cancel(cancelled));
  t.not(reused, cancelled);
  t.deepEqual(drained(queue), ["in the same slot"]);
});

test("EventQueue keeps a stale handle stale for a million reuses of its slot", (t) => {
  const queue = new EventQueue();
  const stale = add(queue, { time: 1 });
  queue.pop();
  for (let turn = 0; turn < 1_000_000; turn += 1) {
    const handle = add(queue, { time: turn });
    if (handle === stale || queue.cancel(stale))
      t.fail(`it came back to life after ${turn} turns`);
    queue.cancel(handle);
  }
  t.is(queue.size, 0);
});

test("EventQueue cancels all that an owner has, and nothing of others", (t) => {
  const queue = new EventQueue();
  const handles: EventHandle[] = [];
  for (let index = 0; index < 300; index += 1) {
    handles.push(
      add(queue, {
        time: (index * 7) % 100,
        owner: index % 3,
        name: `${index % 3}`,
      }),
    );
  }
  t.is(queue.cancelAll(owners[1]), 100);
  t.is(queue.cancelAll(owners[1]), 0);
  t.is(queue.size, 200);
  t.false(queue.cancel(handles[1] as number));
  const left = drained(queue);
  t.is(left.length, 200);
  t.false(left.includes("1"));
});

interface Planned {
  readonly time: number;
  readonly tie?: number;
  readonly owner?: number;
  readonly name?: string;
}

function add(
  queue: EventQueue,
  { time, tie = 1, owner = 0, name = `${time}` }: Planned,
): EventHandle {
  return queue.schedule(
    time,
    tie,
    owners[owner] as Incarnation,
    1,
    nothing,
    name,
  );
}

/** The arguments of all events that are left, in order. */
function drained(queue: EventQueue): unknown[] {
  const names: unknown[] = [];
  while (queue.pop()) names.push(queue.argument);
  return names;
}

function nothing(): void {
  // Only the order matters here.
}
