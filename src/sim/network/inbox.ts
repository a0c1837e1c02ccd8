/** Where the bytes of a pipe arrive: kept until somebody reads them. */
import { Queue } from "../../base/queue.ts";
import { named } from "../event.ts";
import type { EventHandle } from "../event-queue.ts";
import { EventKind } from "../owner.ts";
import type { SimRandomProvider } from "../random.ts";
import { toMicros } from "../time.ts";
import type { Mishaps } from "./mishaps.ts";
import type { PipeParts } from "./pipe-parts.ts";
import type { Room } from "./room.ts";

/** What a reader is given; `undefined` is the end of the stream. */
export type Chunk = Uint8Array | undefined;

interface Reader {
  readonly resolve: (chunk: Chunk) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The receiving side of a pipe. At most one reader waits, while nothing is here and for as long as reading takes. Bytes
 * that are being read are read, unless the reader itself thinks better of it.
 */
export class Inbox {
  // What every segment needs comes first, side by side (bench row `sim.scale`).
  #reader: Reader | undefined;
  /** The event that ends the read which is going on. */
  #reading: EventHandle | undefined;
  readonly #chunks = new Queue<Uint8Array>();
  /** Draws how long reads take; none where they take no time. */
  readonly #pace: SimRandomProvider | undefined;
  readonly #parts: PipeParts;
  #closed = false;
  readonly #room: Room;
  readonly #mishaps: Mishaps;
  /** What comes behind the bytes that are here. */
  #last: "more" | "end" | { readonly error: Error } = "more";

  /** @param room what is taken out makes room there. */
  constructor(parts: PipeParts, mishaps: Mishaps, room: Room) {
    this.#parts = parts;
    this.#mishaps = mishaps;
    this.#room = room;
    const { engine, incarnation } = parts.receiver;
    if (parts.config.readMs[1] > 0)
      this.#pace = engine.stream(`reads ${incarnation.ip}`);
  }

  get reading(): boolean {
    return this.#reader !== undefined;
  }

  /** Whether nobody will ever read what arrives. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The next bytes: those that are here, or whatever comes. */
  read(): Promise<Chunk> {
    if (this.#chunks.size > 0) {
      if (this.#pace === undefined) return Promise.resolve(this.#give());
      this.#begin(this.#pace);
    } else if (this.#last !== "more") this.#tellLater();
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /** Bytes arrived, and somebody may read them. */
  add(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    if (this.#reader === undefined || this.#reading !== undefined) return;
    if (this.#pace === undefined) this.finish();
    else this.#begin(this.#pace);
  }

  /** The event of a read being done. */
  finish(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#reading = undefined;
    reader?.resolve(this.#give());
  }

  /** The end arrived. */
  end(): void {
    if (this.#last === "more") this.#last = "end";
    if (this.#reading !== undefined) return;
    this.#reader?.resolve(undefined);
    this.#reader = undefined;
  }

  /** Throw away what has arrived, which makes room as reading it would. */
  discard(): void {
    for (const chunk of this.#chunks) this.#room.empty(chunk.length);
    this.#chunks.clear();
  }

  /** Nobody reads any more. */
  close(error: Error): void {
    this.#closed = true;
    this.#chunks.clear();
    if (this.#reading !== undefined)
      this.#parts.receiver.engine.cancel(this.#reading);
    this.#reading = undefined;
    this.fail(error);
  }

  /** Reject who waits. Bytes that have arrived stay readable. */
  fail(error: Error): void {
    this.#last = { error };
    if (this.#reading !== undefined) return;
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  /** Drop who waits, unsettled. */
  forget(): void {
    this.#reader = undefined;
  }

  /** By an event, as if it came only now: by then whatever was read before has settled. */
  #tellLater(): void {
    const { engine, incarnation } = this.#parts.receiver;
    engine.schedule(0, incarnation, EventKind.network, tellLast, this);
  }

  /** The event of a reader's being told what came behind the bytes. */
  tellLast(): void {
    if (typeof this.#last === "object") this.fail(this.#last.error);
    else this.end();
  }

  #begin(pace: SimRandomProvider): void {
    const { engine, incarnation } = this.#parts.receiver;
    const [fromMs, toMs] = this.#parts.config.readMs;
    const micros = toMicros(fromMs + pace.ratio() * (toMs - fromMs));
    const { network } = EventKind;
    this.#reading = engine.schedule(micros, incarnation, network, finish, this);
  }

  /** All of the next bytes, or when reads are short the first of them. */
  #give(): Chunk {
    const bytes = this.#chunks.shift();
    if (bytes === undefined) return undefined;
    const length = this.#parts.forth.mayHarm
      ? this.#mishaps.readLength(bytes)
      : bytes.length;
    this.#room.empty(length);
    if (length === bytes.length) return bytes;
    this.#chunks.unshift(bytes.subarray(length));
    return bytes.subarray(0, length);
  }
}

const tellLast = named<Inbox>(
  { kind: "network", operation: "read_complete" },
  (inbox) => inbox.tellLast(),
);

const finish = named<Inbox>(
  { kind: "network", operation: "read_complete" },
  (inbox) => inbox.finish(),
);
