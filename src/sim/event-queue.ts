/** Everything that will happen, in the order in which it will. */
import { invariant } from "../base/invariant.ts";
import type { Owner } from "./owner.ts";

/** What a fired event does with its argument. A shared function, so that scheduling allocates no closure. */
export type Action<T> = (argument: T) => void;

/** Names one scheduled event for as long as it is pending; stale afterwards. */
export type EventHandle = number;

/** One event that has not come out yet. */
export interface PendingEvent {
  /** When it is due, in whole microseconds. */
  readonly time: number;
  readonly sequence: number;
  readonly owner: Owner;
  readonly action: Action<unknown>;
  readonly argument: unknown;
}

const slotsMax = 0x100_0000;
const branching = 4;
/** Tie and sequence share one number: 21 bits and 32, which a double holds exactly. */
const sequences = 0x1_0000_0000;
export const tieMax = 0x1f_ffff;
/** What was put off comes before everything else of its time, but for what is urgent. */
export const putOffTie = 1;

/**
 * A 4-ary heap over typed arrays, with pooled slots (bench row `sim.sleepers`).
 *
 * Invariants
 * 1. Events come out ordered by (time, tie, sequence). The sequence counts schedulings and starts again after four
 *    billion, so the order is total among all that can be pending together.
 * 2. A slot is either on the free list or at exactly one place of the heap.
 * 3. A cancelled event is gone: it neither comes out nor holds on to what it was scheduled with.
 *
 * Heap entries carry what they are compared by, so that sifting never looks at a slot.
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
  #heapOrder = new Float64Array(0);
  #heapSlot = new Int32Array(0);
  #placeOf = new Int32Array(0);
  #kinds = new Uint8Array(0);
  #generations = new Uint32Array(0);
  #free: number[] = [];
  /**
   * Whether the root has been taken out, and its place waits for whatever is scheduled next: most events schedule
   * another. Until then it stands before all others, with a slot that nobody owns.
   */
  #hollow = false;
  #owners: (Owner | undefined)[] = [];
  #actions: (Action<unknown> | undefined)[] = [];
  #arguments: unknown[] = [];

  get size(): number {
    return this.#hollow ? this.#size - 1 : this.#size;
  }

  /** When the next event is due; `Infinity` when there is none. */
  get nextTime(): number {
    this.#fill();
    return this.#size === 0 ? Infinity : (this.#heapTime[0] as number);
  }

  /** Whose the next event is. */
  get nextOwner(): Owner | undefined {
    this.#fill();
    return this.#size === 0
      ? undefined
      : this.#owners[this.#heapSlot[0] as number];
  }

  schedule<T>(
    time: number,
    tie: number,
    owner: Owner,
    kind: number,
    action: Action<T>,
    argument: T,
  ): EventHandle {
    if (this.#free.length === 0) this.#grow();
    const slot = this.#free.pop() as number;
    const order = tie * sequences + this.#nextSequence;
    this.#nextSequence = (this.#nextSequence + 1) % sequences;
    this.#kinds[slot] = kind;
    this.#owners[slot] = owner;
    this.#actions[slot] = action as Action<unknown>;
    this.#arguments[slot] = argument;
    this.#enter(time, order, slot);
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
    this.#fill();
    if (this.#size === 0) return false;
    const slot = this.#heapSlot[0] as number;
    const order = this.#heapOrder[0] as number;
    this.time = this.#heapTime[0] as number;
    this.tie = Math.floor(order / sequences);
    this.sequence = order % sequences;
    this.kind = this.#kinds[slot] as number;
    this.owner = this.#owners[slot];
    this.action = this.#actions[slot];
    this.argument = this.#arguments[slot];
    this.#hollow = true;
    this.#release(slot);
    return true;
  }

  /** Let the next event happen later instead. Its handle stays valid. */
  putOffNext(time: number): void {
    this.#fill();
    const slot = this.#heapSlot[0] as number;
    const order = putOffTie * sequences + this.#nextSequence;
    this.#nextSequence = (this.#nextSequence + 1) % sequences;
    this.#move(slot, time, order);
  }

  /** Let what was put off until `time`, before all else of that time, happen at `sooner` instead, in the same order. */
  hasten(owner: Owner, time: number, sooner: number): void {
    const moved: { slot: number; order: number }[] = [];
    for (let place = 0; place < this.#size; place += 1) {
      const slot = this.#heapSlot[place] as number;
      const order = this.#heapOrder[place] as number;
      const putOff = Math.floor(order / sequences) === putOffTie;
      if (this.#owners[slot] !== owner || !putOff) continue;
      if (this.#heapTime[place] === time) moved.push({ slot, order });
    }
    for (const { slot, order } of moved) this.#move(slot, sooner, order);
  }

  #move(slot: number, time: number, order: number): void {
    this.#removeAt(this.#placeOf[slot] as number);
    this.#enter(time, order, slot);
  }

  /** Everything that is pending, in the order in which it will happen as things stand. */
  pending(of?: Owner): PendingEvent[] {
    this.#fill();
    const all: (PendingEvent & { readonly order: number })[] = [];
    for (let place = 0; place < this.#size; place += 1) {
      const slot = this.#heapSlot[place] as number;
      const owner = this.#owners[slot] as Owner;
      if (of !== undefined && owner !== of) continue;
      const order = this.#heapOrder[place] as number;
      all.push({
        time: this.#heapTime[place] as number,
        order,
        sequence: order % sequences,
        owner,
        action: this.#actions[slot] as Action<unknown>,
        argument: this.#arguments[slot],
      });
    }
    return all.sort(
      (left, right) => left.time - right.time || left.order - right.order,
    );
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
    this.#generations[slot] =
      ((this.#generations[slot] as number) + 1) & 0x1fff_ffff;
    this.#owners[slot] = undefined;
    this.#actions[slot] = undefined;
    this.#arguments[slot] = undefined;
    this.#free.push(slot);
  }

  #enter(time: number, order: number, slot: number): void {
    let place = 0;
    if (this.#hollow) {
      this.#hollow = false;
      place = this.#sinkHole(0, time, order);
    } else {
      place = this.#size;
      this.#size += 1;
    }
    this.#rise(place, time, order, slot);
  }

  /** Take away what is no longer at the root, where nothing new came in its place. */
  #fill(): void {
    if (!this.#hollow) return;
    this.#hollow = false;
    this.#removeAt(0);
  }

  /**
   * The hole sinks to a leaf, always to the least child, and the last entry rises from there: one comparison less a
   * level than sinking the last entry itself, which almost always ends near a leaf anyway.
   */
  #removeAt(place: number): void {
    this.#size -= 1;
    const last = this.#size;
    if (place === last) return;
    const time = this.#heapTime[last] as number;
    const order = this.#heapOrder[last] as number;
    const slot = this.#heapSlot[last] as number;
    this.#rise(this.#sinkHole(place, Infinity, 0), time, order, slot);
  }

  /** Let the least below a hole up, as long as it is before that time and order. Answers where the hole has gone. */
  #sinkHole(from: number, beforeTime: number, beforeOrder: number): number {
    const times = this.#heapTime;
    const orders = this.#heapOrder;
    const size = this.#size;
    let hole = from;
    for (
      let first = hole * branching + 1;
      first < size;
      first = hole * branching + 1
    ) {
      const end = Math.min(first + branching, size);
      let least = first;
      let time = times[first] as number;
      let order = orders[first] as number;
      for (let child = first + 1; child < end; child += 1) {
        const childTime = times[child] as number;
        if (
          childTime > time ||
          (childTime === time && (orders[child] as number) > order)
        )
          continue;
        least = child;
        time = childTime;
        order = orders[child] as number;
      }
      if (time > beforeTime || (time === beforeTime && order > beforeOrder))
        break;
      this.#put(hole, time, order, this.#heapSlot[least] as number);
      hole = least;
    }
    return hole;
  }

  #rise(from: number, time: number, order: number, slot: number): void {
    const times = this.#heapTime;
    const orders = this.#heapOrder;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const parentTime = times[parent] as number;
      const parentOrder = orders[parent] as number;
      if (parentTime < time || (parentTime === time && parentOrder < order))
        break;
      this.#put(
        place,
        parentTime,
        parentOrder,
        this.#heapSlot[parent] as number,
      );
      place = parent;
    }
    this.#put(place, time, order, slot);
  }

  #put(place: number, time: number, order: number, slot: number): void {
    this.#heapTime[place] = time;
    this.#heapOrder[place] = order;
    this.#heapSlot[place] = slot;
    this.#placeOf[slot] = place;
  }

  #grow(): void {
    const capacity = Math.max(64, this.#capacity * 2);
    invariant(capacity <= slotsMax, "more than 16 million events are pending");
    this.#heapTime = enlarged(Float64Array, this.#heapTime, capacity);
    this.#heapOrder = enlarged(Float64Array, this.#heapOrder, capacity);
    this.#heapSlot = enlarged(Int32Array, this.#heapSlot, capacity);
    this.#placeOf = enlarged(Int32Array, this.#placeOf, capacity);
    this.#kinds = enlarged(Uint8Array, this.#kinds, capacity);
    this.#generations = enlarged(Uint32Array, this.#generations, capacity);
    for (let slot = capacity - 1; slot >= this.#capacity; slot -= 1)
      this.#free.push(slot);
    this.#capacity = capacity;
  }
}

type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

function enlarged<A extends Numbers>(
  type: new (length: number) => A,
  old: A,
  capacity: number,
): A {
  const larger = new type(capacity);
  larger.set(old);
  return larger;
}
