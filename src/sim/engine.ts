/** The heart of a world: clock, queue, chance and fingerprint, and the step that ties them together. */
import type { DecisionLog } from "./decisions.ts";
import {
  EventQueue,
  putOffTie,
  type Action,
  type EventHandle,
} from "./event-queue.ts";
import type { EventLog } from "./event-log.ts";
import { EventWatch } from "./event-watch.ts";
import { Fingerprint } from "./fingerprint.ts";
import { Incarnation } from "./incarnation.ts";
import type { Origins } from "./origins.ts";
import type { Owner } from "./owner.ts";
import { Draws, SimRandomProvider, type Breakpoint } from "./random.ts";

/** The order of events that are due at the same instant: as scheduled, or drawn from the seed. */
export type TieBreak = "fifo" | "random";

export interface EngineOptions {
  readonly seed: number;
  readonly recipe: readonly Breakpoint[];
  /** Records draws, or decides them beforehand. */
  readonly decisions?: DecisionLog | undefined;
  /** To be filled with everything that happens. */
  readonly log?: EventLog | undefined;
  /** To be filled with where things of processes were made. */
  readonly origins?: Origins | undefined;
}

/** Before any other event that is due at the same instant, even one that was put off until then. */
const urgentTie = 0;
const ordinaryTie = putOffTie + 1;

/**
 * Runs what happens in a simulated world, one event at a time.
 *
 * Invariants
 * 1. Time moves only in `fire`, only forwards, only to the next event's time.
 * 2. No event fires while an earlier event's promises are still settling: whoever drives settles in between.
 * 3. Whatever runs during a step is attributed to `current`, the owner of the step's event.
 * 4. Every event and every draw enters the fingerprint before it has any effect.
 */
export class Engine {
  /** Simulated time in whole microseconds. */
  nowMicros = 0;
  /** Events fired so far. */
  steps = 0;
  /** Calls that dead processes made, resumed by promises of living ones. More than none deserves a look. */
  ghostCalls = 0;
  /** Who is running: the owner of the event being dispatched and settled; between steps, the world. */
  current: Incarnation;
  /** True while a slice of steps has the thread: whoever runs meanwhile, runs inside a step. */
  stepping = false;
  /** True once nothing will ever happen here again. */
  ended = false;
  /** The world itself, as an owner: never dies. */
  readonly root: Incarnation = new Incarnation(0, "world", 1);
  readonly fingerprint: Fingerprint = new Fingerprint();
  readonly draws: Draws;
  readonly queue: EventQueue = new EventQueue();
  /** Those who are told of every event; one comparison an event while there is nobody. */
  readonly watch: EventWatch = new EventWatch();
  /** Two runs are compared by it. */
  readonly log: EventLog | undefined;
  /** Where things of processes were made, if anybody wants to know. */
  readonly origins: Origins | undefined;
  /** Those who stand still. */
  readonly #stalled = new Set<Incarnation>();
  #ties: SimRandomProvider | undefined;
  readonly #streams = new Map<string, SimRandomProvider>();

  constructor(options: EngineOptions) {
    this.current = this.root;
    this.draws = new Draws(options.seed, this.fingerprint, options.recipe);
    this.draws.decisions = options.decisions;
    const { log } = options;
    this.log = log;
    this.origins = options.origins;
    if (log !== undefined)
      this.draws.onDraw = (stream, value) => log.drew(this, stream, value);
  }

  /** Choose who goes first of those that are due at the same instant. Default: as scheduled. */
  breakTies(how: TieBreak): void {
    this.#ties = how === "random" ? this.stream("ties") : undefined;
  }

  /** The random stream of that name. The same name is the same stream. */
  stream(name: string): SimRandomProvider {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new SimRandomProvider(this.draws, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Let `action(argument)` happen after a delay, on behalf of `owner`. */
  schedule<T>(
    delayMicros: number,
    owner: Owner,
    kind: number,
    action: Action<T>,
    argument: T,
  ): EventHandle {
    const tie =
      this.#ties === undefined
        ? ordinaryTie
        : ordinaryTie + (this.#ties.uint32() >>> 12);
    const time = this.nowMicros + delayMicros;
    if (this.log !== undefined)
      this.log.scheduled(this, { time, tie, owner, kind, action, argument });
    return this.queue.schedule(time, tie, owner, kind, action, argument);
  }

  /** Let it happen as the very next event, before anything else that is due now. */
  scheduleNext<T>(
    owner: Owner,
    kind: number,
    action: Action<T>,
    argument: T,
  ): EventHandle {
    return this.queue.schedule(
      this.nowMicros,
      urgentTie,
      owner,
      kind,
      action,
      argument,
    );
  }

  /** Let a process stand still: what is due for it is put off, and then happens in the order in which it was due. */
  stall(who: Incarnation, micros: number): void {
    const until = this.nowMicros + micros;
    if (until <= who.resumeAtMicros) return;
    who.resumeAtMicros = until;
    this.#stalled.add(who);
  }

  /** Whoever stands still goes on at once. */
  resumeAll(): void {
    for (const who of this.#stalled) {
      this.queue.hasten(who, who.resumeAtMicros, this.nowMicros);
      who.resumeAtMicros = this.nowMicros;
    }
    this.#stalled.clear();
  }

  /** Put off what is due next as long as it belongs to somebody who stands still. */
  #putOff(): void {
    const { queue } = this;
    for (const who of this.#stalled) {
      if (!who.alive || who.resumeAtMicros <= queue.nextTime)
        this.#stalled.delete(who);
    }
    for (;;) {
      const owner = queue.nextOwner as Incarnation | undefined;
      if (owner === undefined || owner.resumeAtMicros <= queue.nextTime) return;
      queue.putOffNext(owner.resumeAtMicros);
    }
  }

  /** Nothing will happen here any more. */
  end(): void {
    this.ended = true;
    this.queue.clear();
  }

  /** Remove a pending event, as if it had never been scheduled. */
  cancel(handle: EventHandle): void {
    this.queue.cancel(handle);
  }

  /** Dispatch the next event. False when there is none. The caller settles, then calls `finish`. */
  fire(): boolean {
    const queue = this.queue;
    if (this.#stalled.size > 0) this.#putOff();
    if (!queue.pop()) return false;
    const owner = queue.owner as Incarnation;
    const fingerprint = this.fingerprint;
    this.nowMicros = queue.time;
    this.steps += 1;
    if (this.watch.watched) this.watch.tell(queue, this.steps);
    this.current = owner;
    const { time, tie, sequence } = queue;
    fingerprint.event(time, tie, sequence, (owner.id << 4) | queue.kind);
    if (this.log !== undefined) this.log.fired(this);
    (queue.action as Action<unknown>)(queue.argument);
    return true;
  }

  /** Bytes arrive, or come from a disk: they are part of the course that the world takes. */
  takeIn(verb: string, bytes: Uint8Array): void {
    this.fingerprint.bytes(bytes);
    if (this.log !== undefined) this.log.passed(this, verb, bytes);
  }

  /** Bytes leave a program: no part of the course until they arrive, but this is the place in its code. */
  giveOut(bytes: Uint8Array | readonly Uint8Array[]): void {
    const { log } = this;
    if (log === undefined) return;
    const chunks = bytes instanceof Uint8Array ? [bytes] : bytes;
    for (const chunk of chunks) log.passed(this, "writes", chunk);
  }

  /** The step is over: nobody is running. */
  finish(): void {
    this.current = this.root;
  }
}
