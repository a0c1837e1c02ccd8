/** The queue against a sorted list, through every order of operations that a long random walk meets. */
import test from "ava";

import {
  type EventHandle,
  EventQueue,
  Incarnation,
} from "../../src/sim/index.ts";
import { putOffTie } from "../../src/sim/event-queue.ts";

interface Entry {
  time: number;
  tie: number;
  sequence: number;
  readonly owner: Incarnation;
  readonly handle: EventHandle;
}

const owners = [1, 2, 3].map((id) => new Incarnation(id, `10.0.1.${id}`, 1));
const order = (left: Entry, right: Entry): number =>
  left.time - right.time ||
  left.tie - right.tie ||
  left.sequence - right.sequence;

/** Does everything twice: in a queue, and in a list. */
class Twins {
  readonly queue = new EventQueue();
  entries: Entry[] = [];
  nowMicros = 0;
  #sequence = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 0x1_0000_0000) * end);
  }

  schedule(): void {
    const time = this.nowMicros + this.below(20);
    const tie = putOffTie + 1 + this.below(3);
    const owner = owners[this.below(owners.length)] as Incarnation;
    const action = (): void => undefined;
    const handle = this.queue.schedule(time, tie, owner, 0, action, undefined);
    this.#add({ time, tie, owner, handle });
  }

  /** What came out of the queue, and what should have. */
  pop(): [unknown, unknown] {
    const first = this.entries.toSorted(order)[0];
    const came = this.queue.pop();
    if (first === undefined) return [came, false];
    this.nowMicros = first.time;
    this.#drop(first);
    const { time, tie, sequence, owner } = this.queue;
    return [
      [time, tie, sequence, owner],
      [first.time, first.tie, first.sequence, first.owner],
    ];
  }

  cancel(): void {
    const entry = this.entries[this.below(this.entries.length)];
    if (entry === undefined) return;
    this.queue.cancel(entry.handle);
    this.#drop(entry);
  }

  cancelAll(): void {
    const owner = owners[this.below(owners.length)] as Incarnation;
    this.queue.cancelAll(owner);
    this.entries = this.entries.filter((entry) => entry.owner !== owner);
  }

  putOffNext(): void {
    const first = this.entries.toSorted(order)[0];
    if (first === undefined) return;
    const time = first.time + 1 + this.below(5);
    this.queue.putOffNext(time);
    this.#drop(first);
    this.#add({ ...first, time, tie: putOffTie });
  }

  /** Which of the two is asked for first decides which of them has to look. */
  get next(): [unknown, unknown] {
    const { queue } = this;
    const first = this.entries.toSorted(order)[0];
    const { owner, time = Infinity } = first ?? {};
    if (this.below(2) === 0) return [queue.nextTime, time];
    return [queue.nextOwner, owner];
  }

  /** What the queue says of itself, and what it should. */
  get accounts(): [unknown, unknown] {
    const { queue } = this;
    const sorted = this.entries.toSorted(order);
    return [
      [
        queue.size,
        queue.pending().map(({ sequence }) => sequence),
        queue.nextTime,
      ],
      [
        sorted.length,
        sorted.map(({ sequence }) => sequence),
        sorted[0]?.time ?? Infinity,
      ],
    ];
  }

  #add(entry: Omit<Entry, "sequence">): void {
    this.entries.push({ ...entry, sequence: this.#sequence });
    this.#sequence += 1;
  }

  #drop(entry: Entry): void {
    this.entries = this.entries.filter((other) => other !== entry);
  }
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`EventQueue agrees with a sorted list over 4,000 operations of seed ${seed}`, (t) => {
    const twins = new Twins(seed);
    for (let count = 0; count < 4_000; count += 1) {
      const choice = twins.below(100);
      if (choice < 45) twins.schedule();
      else if (choice < 85) t.deepEqual(...twins.pop());
      else if (choice < 93) twins.cancel();
      else if (choice < 97) twins.putOffNext();
      else if (choice < 98) twins.cancelAll();
      else if (choice < 99) t.deepEqual(...twins.next);
      else t.deepEqual(...twins.accounts);
    }
    t.deepEqual(...twins.accounts);
  });
}
