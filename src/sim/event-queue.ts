/** Everything that will happen, in the order in which it will. */
import { invariant } from "../base/invariant.ts";
import type { Owner } from "./owner.ts";

/** What a fired event does with its argument. A shared function, so that scheduling allocates no closure. */
export type Action<T> = (argument: T) => void;

/** Names one scheduled event for as long as it is pending; stale afterwards. */
export type EventHandle = number;

const slotsMax = 0x100_0000;
const branching = 4;

/**
 * A 4-ary heap over typed arrays, with pooled slots (bench row `sim.sleepers`).
 *
 * Invariants
 * 1. Events come out ordered by (time, tie, sequence); sequence is unique, so the order is total.
 * 2. A slot is either on the free list or at exactly one place of the heap.
 * 3. A cancelled event is gone: it neither comes out nor holds on to what it was scheduled with.
 *
 * Heap entries carry their time, so that sifting seldom looks at a slot.
 */
export class EventQueue {
  /** The event that `pop` took out. */
  time = 0;
  tie = 0;
  sequence = 0;
  kind = 0;
  owner: Owner | undefined;
  action: Action<unknown> | undefined;
  argument: unknown;

  #size = 0;
  #capacity = 0;
  #nextSequence = 0;
  #heapTime = new Float64Array(0);
  #heapSlot = new Int32Array(0);
  #placeOf = new Int32Array(0);
  #ties = new Uint32Array(0);
  #sequences = new Float64Array(0);
  #kinds = new Uint8Array(0);
  #generations = new Uint32Array(0);
  #free: number[] = [];
  #owners: (Owner | undefined)[] = [];
  #actions: (Action<unknown> | undefined)[] = [];
  #arguments: unknown[] = [];

  get size(): number {
    return this.#size;
  }

  /** When the next event is due; `Infinity` when there is none. */
  get nextTime(): number {
    return this.#size === 0 ? Infinity : (this.#heapTime[0] as number);
  }

  schedule<T>(time: number, tie: number, owner: Owner, kind: number, action: Action<T>, argument: T): EventHandle {
    if (this.#size === this.#capacity) this.#grow();
    const slot = this.#free.pop() as number;
    this.#ties[slot] = tie;
    this.#sequences[slot] = this.#nextSequence;
    this.#nextSequence += 1;
    this.#kinds[slot] = kind;
    this.#owners[slot] = owner;
    this.#actions[slot] = action as Action<unknown>;
    this.#arguments[slot] = argument;
    const place = this.#size;
    this.#size += 1;
    this.#siftUp(place, time, slot);
    return (this.#generations[slot] as number) * slotsMax + slot;
  }

  /** Remove an event. False when it has fired, or was cancelled already. */
  cancel(handle: EventHandle): boolean {
    const slot = handle % slotsMax;
    if (this.#generations[slot] !== (handle - slot) / slotsMax) return false;
    this.#removeAt(this.#placeOf[slot] as number);
    this.#release(slot);
    return true;
  }

  /** Remove everything that `owner` would have done, and all that is held for it. Returns how many events that were. */
  cancelAll(owner: Owner): number {
    const doomed: number[] = [];
    for (let place = 0; place < this.#size; place += 1) {
      const slot = this.#heapSlot[place] as number;
      if (this.#owners[slot] === owner) doomed.push(slot);
    }
    for (const slot of doomed) {
      this.#removeAt(this.#placeOf[slot] as number);
      this.#release(slot);
    }
    return doomed.length;
  }

  /** Take the earliest event out into the public fields. False when there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#heapSlot[0] as number;
    this.time = this.#heapTime[0] as number;
    this.tie = this.#ties[slot] as number;
    this.sequence = this.#sequences[slot] as number;
    this.kind = this.#kinds[slot] as number;
    this.owner = this.#owners[slot];
    this.action = this.#actions[slot];
    this.argument = this.#arguments[slot];
    this.#removeAt(0);
    this.#release(slot);
    return true;
  }

  /** Remove every event. */
  clear(): void {
    while (this.pop());
    this.forget();
  }

  /** Forget the event taken out last, so that the queue holds on to nothing. */
  forget(): void {
    this.owner = undefined;
    this.action = undefined;
    this.argument = undefined;
  }

  #release(slot: number): void {
    this.#generations[slot] = ((this.#generations[slot] as number) + 1) & 0x1fff_ffff;
    this.#owners[slot] = undefined;
    this.#actions[slot] = undefined;
    this.#arguments[slot] = undefined;
    this.#free.push(slot);
  }

  #removeAt(place: number): void {
    this.#size -= 1;
    const last = this.#size;
    if (place === last) return;
    const time = this.#heapTime[last] as number;
    const slot = this.#heapSlot[last] as number;
    const parent = (place - 1) >> 2;
    if (place > 0 && this.#before(time, slot, parent)) this.#siftUp(place, time, slot);
    else this.#siftDown(place, time, slot);
  }

  #siftUp(from: number, time: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (!this.#before(time, slot, parent)) break;
      this.#put(place, this.#heapTime[parent] as number, this.#heapSlot[parent] as number);
      place = parent;
    }
    this.#put(place, time, slot);
  }

  #siftDown(from: number, time: number, slot: number): void {
    const size = this.#size;
    let place = from;
    for (;;) {
      const first = place * branching + 1;
      if (first >= size) break;
      const end = Math.min(first + branching, size);
      let least = first;
      for (let child = first + 1; child < end; child += 1) {
        if (this.#before(this.#heapTime[child] as number, this.#heapSlot[child] as number, least)) least = child;
      }
      if (this.#before(time, slot, least)) break;
      this.#put(place, this.#heapTime[least] as number, this.#heapSlot[least] as number);
      place = least;
    }
    this.#put(place, time, slot);
  }

  #put(place: number, time: number, slot: number): void {
    this.#heapTime[place] = time;
    this.#heapSlot[place] = slot;
    this.#placeOf[slot] = place;
  }

  /** Whether an event comes before the one at `place`. */
  #before(time: number, slot: number, place: number): boolean {
    const otherTime = this.#heapTime[place] as number;
    if (time !== otherTime) return time < otherTime;
    const other = this.#heapSlot[place] as number;
    const tie = this.#ties[slot] as number;
    const otherTie = this.#ties[other] as number;
    if (tie !== otherTie) return tie < otherTie;
    return (this.#sequences[slot] as number) < (this.#sequences[other] as number);
  }

  #grow(): void {
    const capacity = Math.max(64, this.#capacity * 2);
    invariant(capacity <= slotsMax, "more than 16 million events are pending");
    this.#heapTime = enlarged(Float64Array, this.#heapTime, capacity);
    this.#heapSlot = enlarged(Int32Array, this.#heapSlot, capacity);
    this.#placeOf = enlarged(Int32Array, this.#placeOf, capacity);
    this.#ties = enlarged(Uint32Array, this.#ties, capacity);
    this.#sequences = enlarged(Float64Array, this.#sequences, capacity);
    this.#kinds = enlarged(Uint8Array, this.#kinds, capacity);
    this.#generations = enlarged(Uint32Array, this.#generations, capacity);
    for (let slot = capacity - 1; slot >= this.#capacity; slot -= 1) this.#free.push(slot);
    this.#capacity = capacity;
  }
}

type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

function enlarged<A extends Numbers>(type: new (length: number) => A, old: A, capacity: number): A {
  const larger = new type(capacity);
  larger.set(old);
  return larger;
}
