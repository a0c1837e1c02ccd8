/** Everything that a world does, in order, as one number each: two runs laid side by side show where they part. */
import { mix32 } from "../base/hash.ts";
import { locate, type CallSite } from "../node/index.ts";
import { eventName } from "./event.ts";
import type { Action, EventQueue } from "./event-queue.ts";
import type { Owner } from "./owner.ts";

/** A world fires an event, schedules another, draws from a stream, or passes bytes on. */
export type OperationKind = "fire" | "schedule" | "draw" | "bytes";

/** One thing that a world did, in words. Plain data. */
export interface Operation {
  readonly kind: OperationKind;
  /** The event in which it was done: its number, when, and whose. 0 is before the first. */
  readonly event: number;
  readonly atMs: number;
  readonly owner: string;
  /** What that event is: `timer sleep`. Empty before the first. */
  readonly name: string;
  /** What was done in it: `schedules timer sleep for 12.402 s`. Empty where the event itself is meant. */
  readonly what: string;
  /** The line of the user's code that did it, if any of it was running. */
  readonly site: CallSite | undefined;
}

/** The moment in which a world does something. */
interface Moment {
  readonly nowMicros: number;
  readonly steps: number;
  readonly current: Owner;
  readonly queue: EventQueue;
}

/** What lies behind these is not compared: 64 MB of numbers. */
const operationsMax = 0x100_0000;

/**
 * A log that a world fills when it is given one; without, it costs one comparison an operation. Only the operation that
 * is to be picked is put into words and looked up in the stack, since that takes a thousand times as long.
 */
export class EventLog {
  readonly #pick: number;
  #hashes = new Uint32Array(0x400);
  #count = 0;
  #picked: Operation | undefined;

  /** @param pick the number of the operation to describe, from 0 */
  constructor(pick = -1) {
    this.#pick = pick;
  }

  /** A number for each operation; equal operations have equal ones. */
  get hashes(): Uint32Array {
    return this.#hashes.slice(0, this.#count);
  }

  /** The operation that was to be picked, if the run came so far. */
  get picked(): Operation | undefined {
    return this.#picked;
  }

  /** The queue has just handed out an event. */
  fired(moment: Moment): void {
    const { time, tie, sequence, kind } = moment.queue;
    let hash = mixed(1, time);
    hash = mix32(hash ^ tie);
    hash = mix32(hash ^ sequence);
    hash = mix32(hash ^ (moment.current.id << 4) ^ kind);
    if (this.#add(hash)) this.#describe(moment, "fire", "");
  }

  /** The queue has just been given an event. */
  scheduled<T>(moment: Moment, event: Scheduled<T>): void {
    const { time, tie, owner, kind, action, argument } = event;
    let hash = mixed(2, time);
    hash = mix32(hash ^ tie);
    hash = mix32(hash ^ (owner.id << 4) ^ kind);
    if (!this.#add(hash)) return;
    const whose = owner === moment.current ? "" : ` of ${owner.name}`;
    const name = nameOf(action as Action<unknown>, argument);
    this.#describe(
      moment,
      "schedule",
      `schedules ${name}${whose} for ${seconds(time / 1_000)}`,
    );
  }

  /** A stream has just been drawn from. */
  drew(moment: Moment, stream: string, value: number): void {
    if (this.#add(mixed(3, value)))
      this.#describe(moment, "draw", `draws ${value} from "${stream}"`);
  }

  /** Bytes are written, arrive, or are read from a disk. */
  passed(moment: Moment, verb: string, bytes: Uint8Array): void {
    let hash = mixed(4, bytes.length);
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = mix32(hash);
    if (!this.#add(hash)) return;
    const digest = hash.toString(16).padStart(8, "0");
    const what = `${verb} ${bytes.length} bytes, digest ${digest}`;
    this.#describe(moment, "bytes", what);
  }

  /** Whether this is the one to describe. */
  #add(hash: number): boolean {
    const index = this.#count;
    if (index >= operationsMax) return false;
    if (index === this.#hashes.length) {
      const larger = new Uint32Array(index * 2);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[index] = hash;
    this.#count += 1;
    return index === this.#pick;
  }

  #describe(moment: Moment, kind: OperationKind, what: string): void {
    const { queue, steps, current } = moment;
    const located = locate();
    this.#picked = {
      ...{ kind, what },
      event: steps,
      atMs: moment.nowMicros / 1_000,
      owner: current.name,
      name:
        queue.action === undefined ? "" : nameOf(queue.action, queue.argument),
      site: located.kind === "at" ? located.site : undefined,
    };
  }
}

/** An event as the queue is given it. */
export interface Scheduled<T> {
  readonly time: number;
  readonly tie: number;
  readonly owner: Owner;
  readonly kind: number;
  readonly action: Action<T>;
  readonly argument: T;
}

/** `10.0.1.2 timer sleep at 12.391 s, schedules timer sleep for 12.402 s` */
export function formatOperation(operation: Operation): string {
  const { owner, name, atMs, what } = operation;
  const event = `${owner}${name === "" ? "" : ` ${name}`} at ${seconds(atMs)}`;
  return what === "" ? event : `${event}, ${what}`;
}

function nameOf(action: Action<unknown>, argument: unknown): string {
  const { kind, operation } = eventName(action, argument);
  return `${kind} ${operation.replaceAll("_", " ")}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(6).replace(/0{1,3}$/, "")} s`;
}

/** A number of up to 53 bits, after what was hashed before it. */
function mixed(hash: number, value: number): number {
  return mix32(mix32(hash ^ value) ^ (value / 0x1_0000_0000));
}
