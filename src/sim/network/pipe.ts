/** One direction of a simulated connection: bytes from a sender to a receiver, in order, with room for so many. */
import { Queue } from "../../base/queue.ts";
import type { SimHandle } from "../handle.ts";
import type { Link } from "./link.ts";

/** The news that the sender broke the connection, or died. Nothing travels behind it. */
const broken = Symbol("broken");

/** What a reader is given; `undefined` is the end of the stream. */
type Chunk = Uint8Array | undefined;

/** What travels. */
type Segment = Chunk | typeof broken;

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** What a pipe tells the connection that it belongs to. */
export interface PipeObserver {
  /** Something arrived at a blocked link and is held there. */
  held(): void;
  /** Something got through. */
  passed(): void;
  /** Bytes arrived that nobody will read any more. */
  unwanted(): void;
  /** The end of the stream arrived. */
  ended(): void;
  /** The sender broke the connection, or died. */
  broken(): void;
}

export interface PipeParts {
  readonly sender: SimHandle;
  readonly receiver: SimHandle;
  /** From sender to receiver, and the way back for the news that there is room. */
  readonly forth: Link;
  readonly back: Link;
  readonly windowBytes: number;
}

/**
 * Invariants
 * 1. Bytes arrive in the order in which they were written, each once, until one side fails.
 * 2. Every event of an arrival belongs to who it arrives at: a dead process is told nothing and holds up nobody.
 * 3. What was written and not read never exceeds the window by more than one write.
 * 4. A side that failed or died is forgotten: no event or queue holds on to what it waited with.
 */
export class Pipe {
  readonly #parts: PipeParts;
  #observer: PipeObserver | undefined;
  readonly #inTransit = new Queue<Segment>();
  readonly #inbox = new Queue<Uint8Array>();
  #lastArrivalMicros = 0;
  #unreadBytes = 0;
  #reader: Waiter<Chunk> | undefined;
  #writers: Waiter<void>[] = [];
  #receiving: "open" | "ended" | "closed" = "open";
  #endArrived = false;

  constructor(parts: PipeParts) {
    this.#parts = parts;
  }

  observe(observer: PipeObserver): void {
    this.#observer = observer;
  }

  get reading(): boolean {
    return this.#reader !== undefined;
  }

  get receiving(): "open" | "ended" | "closed" {
    return this.#receiving;
  }

  /** Whether the end of the stream has arrived: nobody sends any more. */
  get over(): boolean {
    return this.#endArrived;
  }

  /** Send bytes, copied, since the two processes share nothing. Resolves when there is room for more. */
  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    if (bytes instanceof Uint8Array) this.#send(bytes.slice());
    else for (const chunk of bytes) this.#send(chunk.slice());
    if (this.#unreadBytes <= this.#parts.windowBytes) return roomLeft;
    return new Promise((resolve, reject) => {
      this.#writers.push({ resolve, reject });
    });
  }

  end(): void {
    this.#send(undefined);
  }

  /** Tell the receiver that the connection is broken, after everything that is on its way. */
  break(): void {
    this.#send(broken);
  }

  /** The next bytes: waiting ones first, then the end, then whatever comes. */
  read(): Promise<Chunk> {
    const chunk = this.#inbox.shift();
    if (chunk !== undefined) return Promise.resolve(this.#taken(chunk));
    if (this.#receiving === "ended") return endOfStream;
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  get unread(): boolean {
    return this.#inbox.size > 0;
  }

  /** Throw away what has arrived, which makes room as reading it would. */
  discard(): void {
    for (const chunk of this.#inbox) this.#taken(chunk);
    this.#inbox.clear();
  }

  /** The receiver wants no more. */
  closeReceiver(error: Error): void {
    this.#receiving = "closed";
    this.#inbox.clear();
    this.failReceiver(error);
  }

  /** Reject what the receiver waits for. Bytes that have arrived stay readable. */
  failReceiver(error: Error): void {
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  /** Reject what the sender waits for. */
  failSender(error: Error): void {
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) writer.reject(error);
  }

  /** Somebody died: drop what it waits with, unsettled. */
  forget(who: SimHandle): void {
    if (who === this.#parts.sender) this.#writers = [];
    if (who === this.#parts.receiver) this.#reader = undefined;
  }

  #send(segment: Segment): void {
    const { forth, receiver } = this.#parts;
    if (segment instanceof Uint8Array) {
      if (segment.length === 0) return;
      this.#unreadBytes += segment.length;
    }
    if (!receiver.incarnation.alive) {
      if (forth.blocked && segment !== broken) this.#observer?.held();
      return;
    }
    this.#inTransit.push(segment);
    this.#lastArrivalMicros = forth.carry(receiver.incarnation, arrive, this, this.#lastArrivalMicros);
  }

  /** The event of an arriving segment: the one that was sent first, whichever this event was scheduled for. */
  arrive(): void {
    const { forth, receiver } = this.#parts;
    if (forth.blocked) {
      forth.hold(receiver.incarnation, arrive, this);
      if (this.#inTransit.peek() !== broken) this.#observer?.held();
      return;
    }
    this.#observer?.passed();
    const segment = this.#inTransit.shift();
    if (segment === broken) this.#observer?.broken();
    else if (segment === undefined) this.#arriveEnd();
    else this.#arriveBytes(segment);
  }

  #arriveBytes(bytes: Uint8Array): void {
    this.#parts.receiver.engine.fingerprint.bytes(bytes);
    const reader = this.#reader;
    if (this.#receiving === "closed") {
      this.#observer?.unwanted();
    } else if (reader === undefined) {
      this.#inbox.push(bytes);
    } else {
      this.#reader = undefined;
      reader.resolve(this.#taken(bytes));
    }
  }

  #arriveEnd(): void {
    this.#endArrived = true;
    if (this.#receiving === "open") this.#receiving = "ended";
    this.#reader?.resolve(undefined);
    this.#reader = undefined;
    this.#observer?.ended();
  }

  /** The receiver took bytes: send word to a writer who waits for room. */
  #taken(bytes: Uint8Array): Uint8Array {
    this.#unreadBytes -= bytes.length;
    if (this.#writers.length > 0 && this.#hasRoom()) {
      this.#parts.back.carry(this.#parts.sender.incarnation, arriveRoom, this);
    }
    return bytes;
  }

  #hasRoom(): boolean {
    return this.#unreadBytes <= this.#parts.windowBytes / 2;
  }

  /** The event of the news that there is room again. */
  arriveRoom(): void {
    const { back, sender } = this.#parts;
    if (back.blocked) {
      back.hold(sender.incarnation, arriveRoom, this);
      return;
    }
    if (!this.#hasRoom()) return;
    const writers = this.#writers;
    this.#writers = [];
    for (const writer of writers) writer.resolve();
  }
}

const roomLeft: Promise<void> = Promise.resolve();
const endOfStream: Promise<undefined> = Promise.resolve(undefined);

function arrive(pipe: Pipe): void {
  pipe.arrive();
}

function arriveRoom(pipe: Pipe): void {
  pipe.arriveRoom();
}
