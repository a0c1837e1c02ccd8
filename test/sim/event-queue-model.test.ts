/** The queue against the simplest thing that does the same: an array, sorted anew for every pop. */
import test, { type ExecutionContext } from "ava";

import { Sfc32 } from "../../src/base/sfc32.ts";
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

for (const [title, times] of [
  ["spread times", 1_000_000],
  ["crowded times", 8],
  ["one time", 1],
] as const) {
  test(`EventQueue agrees with a sorted array over random schedules and cancels: ${title}`, (t) => {
    for (let seed = 0; seed < 40; seed += 1) compareWithModel(t, seed, times);
  });
}

interface Entry {
  readonly time: number;
  readonly tie: number;
  readonly sequence: number;
  readonly owner: number;
  readonly handle: EventHandle;
}

/** The same random work, done by a queue and by an array that is sorted anew for every pop. */
function compareWithModel(
  t: ExecutionContext,
  seed: number,
  times: number,
): void {
  const chance = new Sfc32();
  chance.seed(Uint32Array.of(seed, 1, 2, 3));
  const below = (bound: number): number => chance.next() % bound;
  const queue = new EventQueue();
  let model: Entry[] = [];
  const gone: EventHandle[] = [];
  for (let sequence = 0, turn = 0; turn < 1_500; turn += 1) {
    const choice = below(100);
    if (choice < (turn < 750 ? 60 : 30)) {
      const entry = {
        time: below(times),
        tie: below(4),
        sequence,
        owner: below(3),
      };
      const owner = owners[entry.owner] as Incarnation;
      const handle = queue.schedule(
        entry.time,
        entry.tie,
        owner,
        1,
        nothing,
        `${sequence}`,
      );
      model.push({ ...entry, handle });
      sequence += 1;
    } else if (choice < 80) {
      model.sort(
        (left, right) =>
          left.time - right.time ||
          left.tie - right.tie ||
          left.sequence - right.sequence,
      );
      const first = model.shift();
      t.is(queue.pop(), first !== undefined);
      if (first !== undefined) gone.push(checkPopped(t, queue, first));
    } else if (choice < 95 && model.length > 0) {
      const [victim] = model.splice(below(model.length), 1) as [Entry];
      t.true(queue.cancel(victim.handle));
      gone.push(victim.handle);
    } else if (choice < 98 && gone.length > 0) {
      t.false(queue.cancel(gone[below(gone.length)] as number));
    } else if (choice === 99) {
      const owner = below(3);
      gone.push(
        ...model
          .filter((entry) => entry.owner === owner)
          .map(({ handle }) => handle),
      );
      const before = model.length;
      model = model.filter((entry) => entry.owner !== owner);
      t.is(
        queue.cancelAll(owners[owner] as Incarnation),
        before - model.length,
      );
    }
    if (queue.size !== model.length)
      t.fail(`seed ${seed}: sizes differ at turn ${turn}`);
  }
}

function checkPopped(
  t: ExecutionContext,
  queue: EventQueue,
  expected: Entry,
): EventHandle {
  t.deepEqual(
    [queue.time, queue.tie, queue.sequence],
    [expected.time, expected.tie, expected.sequence],
  );
  t.is(queue.argument, `${expected.sequence}`);
  return expected.handle;
}

function nothing(): void {
  // Only the order matters here.
}
