/** One direction of a simulated connection: bytes from a sender to a receiver, in order, with room for so many. */
import { Queue } from "../../base/queue.ts";
import type { Engine } from "../engine.ts";
import { named, type EventName } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import type { Incarnation } from "../incarnation.ts";
import { EventKind } from "../owner.ts";
import { Gate } from "./gate.ts";
import { Hold } from "./hold.ts";
import { Inbox } from "./inbox.ts";
import type { Link } from "./link.ts";
import { Mishaps } from "./mishaps.ts";
import type { PipeObserver, PipeParts } from "./pipe-parts.ts";
import { Room, roomLeft } from "./room.ts";
import { arrivalName, broken, type Segment } from "./segment.ts";
import type { Traffic } from "./traffic.ts";

/**
 * open ◀──restore── cut        any ──seal──▶ sealed ──lose──▶ lost
 *      ───cut─────▶            `sealed` loses what is sent from now on, `lost` also what is under way
 *
 * Invariants
 * 1. Bytes arrive in the order in which they were written, each once, until one side fails.
 * 2. Every event of an arrival belongs to who it arrives at: a dead process is told nothing and holds up nobody.
 * 3. What was written and not read never exceeds the window by more than one write.
 * 4. A side that failed or died is forgotten: no event or queue holds on to what it waited with.
 * 5. What arrives is what was written, unless bits were flipped on the way.
 */
export class Pipe {
  // What every segment needs comes first, side by side (bench row `sim.scale`).
  #way: "open" | "cut" | "sealed" | "lost" = "open";
  readonly engine: Engine;
  readonly receiver: Incarnation;
  readonly #forth: Link;
  readonly #traffic: Traffic;
  /** Where segments wait for rules, from the first on that any rule was asked about. */
  #gate: Gate | undefined;
  /** From the first time on that anything was held. */
  #hold: Hold | undefined;
  #lastArrivalMicros = 0;
  /** What arrives next, and what is under way behind it. */
  #next: Segment | typeof nothing = nothing;
  #behind: Queue<Segment> | undefined;
  #unreadBytes = 0;
  readonly #windowBytes: number;
  /** From the first time on that anybody waited for room. */
  #room: Room | undefined;
  readonly inbox: Inbox;
  readonly parts: PipeParts;
  readonly mishaps: Mishaps;
  #observer: PipeObserver | undefined;
  #endArrived = false;
  #quiet = false;
  /** Whether something was sent to a receiver who was dead. */
  #unheard = false;
  /** What waits for the cut to be restored. */
  #heldArrivals = 0;

  constructor(parts: PipeParts) {
    this.parts = parts;
    this.engine = parts.receiver.engine;
    this.receiver = parts.receiver.incarnation;
    this.#forth = parts.forth;
    this.#traffic = parts.traffic;
    this.#windowBytes = parts.config.windowBytes;
    this.mishaps = new Mishaps(parts);
    this.inbox = new Inbox(this);
  }

  observe(observer: PipeObserver): void {
    this.#observer = observer;
  }

  /** Whether the end of the stream has arrived: nobody sends any more. */
  get over(): boolean {
    return this.#endArrived;
  }

  /** Send bytes, copied (a Buffer's `slice` would not), since the two processes share nothing. Resolves when there is room for more. */
  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    if (bytes instanceof Uint8Array) this.#send(new Uint8Array(bytes));
    else for (const chunk of bytes) this.#send(new Uint8Array(chunk));
    if (this.#unreadBytes <= this.#windowBytes || this.#leaksAway)
      return roomLeft;
    return this.#someRoom().wait();
  }

  /** How many of these bytes a read yields. */
  readLength(bytes: Uint8Array): number {
    return this.#forth.mayHarm ? this.mishaps.readLength(bytes) : bytes.length;
  }

  /** So many bytes were read: there is room for others. */
  taken(bytes: number): void {
    this.#unreadBytes -= bytes;
    if (this.#room !== undefined) this.#room.freed();
  }

  end(): void {
    this.#send(undefined);
  }

  /** Tell the receiver that the connection is broken, after everything that is on its way. */
  break(): void {
    this.#send(broken);
  }

  /** Whether anything is under way, or waits to be, or was sent to who is dead. */
  get busy(): boolean {
    return this.#unheard || this.#next !== nothing || this.writing;
  }

  /** Hold what arrives until `restore`. */
  cut(): void {
    if (this.#way !== "open") return;
    this.#way = "cut";
    this.#room?.cut();
  }

  /** Undo `cut`: what was held arrives now, in its old order. */
  restore(): void {
    if (this.#way !== "cut") return;
    this.#way = "open";
    for (; this.#heldArrivals > 0; this.#heldArrivals -= 1) this.#arriveNow();
    this.#room?.restore();
  }

  /** End the stream after what was written. What is written later is lost. */
  seal(): void {
    if (this.#leaksAway) return;
    this.restore();
    this.#send(undefined);
    this.#way = "sealed";
    this.#someRoom().open();
  }

  /** Nothing arrives any more, not even what is under way. Writes succeed, and vanish; if not quietly, the sender gives up. */
  lose(quietly = false): void {
    this.#way = "lost";
    this.#quiet = quietly;
    this.#next = nothing;
    this.#behind = undefined;
    this.#gate?.clear();
    this.#someRoom().open();
  }

  /** Reject what the sender waits for. */
  failSender(error: Error): void {
    this.#room?.fail(error);
  }

  /** Somebody died: drop what it waits with, unsettled. */
  forget(who: SimHandle): void {
    if (who === this.parts.sender) this.#room?.forget();
    if (who === this.parts.receiver) this.inbox.forget();
  }

  /** Whether the sender waits for room. */
  get writing(): boolean {
    return this.#room?.waiting ?? false;
  }

  get #leaksAway(): boolean {
    return this.#way === "sealed" || this.#way === "lost";
  }

  #someRoom(): Room {
    if (this.#room !== undefined) return this.#room;
    const isEnough = (): boolean => this.#unreadBytes <= this.#windowBytes / 2;
    this.#room = new Room(this.parts, this.#observer, isEnough);
    if (this.#way === "cut") this.#room.cut();
    return this.#room;
  }

  #send(segment: Segment): void {
    if (this.#leaksAway) {
      if (!this.#quiet) this.#observer?.lost();
      return;
    }
    if (!(segment instanceof Uint8Array)) {
      this.#carry(segment);
      return;
    }
    const pieces = this.#forth.mayHarm ? this.mishaps.tear(segment) : undefined;
    if (pieces === undefined) this.#sendBytes(segment);
    else for (const piece of pieces) this.#sendBytes(piece);
  }

  #sendBytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#unreadBytes += bytes.length;
    this.#forth.load(bytes.length);
    this.#carry(bytes);
  }

  #carry(segment: Segment): void {
    if (this.#gate === undefined) {
      if (!this.#traffic.filtered) return this.#leave(segment);
      const leave = (passed: Segment): void => this.#leave(passed);
      this.#gate = new Gate(this.parts, this.#observer, leave);
    }
    this.#gate.offer(segment);
  }

  #leave(segment: Segment): void {
    const forth = this.#forth;
    const { receiver } = this;
    if (!receiver.alive) {
      this.#unheard = true;
      if (forth.severed && segment !== broken) this.#holdOn();
      return;
    }
    if (this.#next === nothing) this.#next = segment;
    else (this.#behind ??= new Queue()).push(segment);
    const notBefore = this.#lastArrivalMicros;
    this.#lastArrivalMicros = forth.carry(receiver, arrive, this, notBefore);
  }

  /** What arrives next, for those who listen to events. */
  get nextArrival(): EventName {
    return arrivalName(this.#next === nothing ? undefined : this.#next);
  }

  /** The event of an arriving segment: the one that was sent first, whichever this event was scheduled for. */
  arrive(): void {
    const forth = this.#forth;
    if (this.#way !== "open" && this.#detained()) return;
    if (forth.blocked) {
      forth.hold(this.receiver, arrive, this);
      if (forth.severed) this.#noteHeld();
      return;
    }
    if (this.#hold !== undefined) this.#hold.end(this.#observer);
    const segment = this.#takeNext();
    const traffic = this.#traffic;
    if (traffic.recorded) traffic.arrived(this.parts, segment);
    if (segment === broken) this.#observer?.broken();
    else if (segment === undefined) this.#arriveEnd();
    else this.#arriveBytes(segment);
  }

  #takeNext(): Segment {
    const segment = this.#next;
    const behind = this.#behind;
    this.#next =
      behind === undefined || behind.size === 0 ? nothing : behind.shift();
    return segment === nothing ? undefined : segment;
  }

  /** Whether what arrives is held by a cut, or has been lost meanwhile. */
  #detained(): boolean {
    if (this.#way === "lost") return true;
    if (this.#way !== "cut") return false;
    this.#heldArrivals += 1;
    this.#noteHeld();
    return true;
  }

  #noteHeld(): void {
    if (this.#next !== broken) this.#holdOn();
  }

  #holdOn(): void {
    this.#hold ??= new Hold();
    this.#hold.begin(this.#observer);
  }

  #arriveBytes(bytes: Uint8Array): void {
    if (this.#forth.mayHarm && this.mishaps.flip(bytes))
      this.#observer?.corrupted();
    this.engine.takeIn("receives", bytes);
    if (this.inbox.closed) this.#observer?.unwanted();
    else this.inbox.add(bytes);
  }

  #arriveEnd(): void {
    this.#endArrived = true;
    this.inbox.end();
    this.#observer?.ended();
  }

  #arriveNow(): void {
    const { engine, receiver } = this;
    if (!receiver.alive) return;
    engine.schedule(0, receiver, EventKind.network, arrive, this);
  }
}

/** No segment, which the end of the stream is one of. */
const nothing: unique symbol = Symbol("nothing");

const arrive = named<Pipe>(
  (pipe) => pipe.nextArrival,
  (pipe) => pipe.arrive(),
);
