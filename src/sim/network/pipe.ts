/** One direction of a simulated connection: bytes from a sender to a receiver, in order, with room for so many. */
import { Queue } from "../../base/queue.ts";
import type { SimHandle } from "../handle.ts";
import type { Link } from "./link.ts";

/** What travels; `undefined` is the end of the stream. */
type Segment = Uint8Array | undefined;

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
  #reader: Waiter<Segment> | undefined;
  #writers: Waiter<void>[] = [];
  #receiving: "open" | "ended" | "closed" = "open";

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

  /** The next bytes: waiting ones first, then the end, then whatever comes. */
  read(): Promise<Segment> {
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

  /** Let `action` arrive at the receiver after everything that is on its way. */
  carryLast<T>(action: (argument: T) => void, argument: T): void {
    const { forth, receiver } = this.#parts;
    this.#lastArrivalMicros = forth.carry(receiver.incarnation, action, argument, this.#lastArrivalMicros);
  }

  #send(segment: Segment): void {
    if (segment?.length === 0) return;
    if (segment !== undefined) this.#unreadBytes += segment.length;
    if (!this.#parts.receiver.incarnation.alive) {
      if (this.#parts.forth.blocked) this.#observer?.held();
      return;
    }
    this.#inTransit.push(segment);
    this.carryLast(arrive, this);
  }

  /** The event of an arriving segment. */
  arrive(): void {
    const { forth, receiver } = this.#parts;
    if (forth.blocked) {
      forth.hold(receiver.incarnation, arrive, this);
      this.#observer?.held();
      return;
    }
    this.#observer?.passed();
    const segment = this.#inTransit.shift();
    if (segment === undefined) this.#arriveEnd();
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
