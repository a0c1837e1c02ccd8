/** Where the bytes of a pipe arrive: kept until somebody reads them. */
import { Queue } from "../../base/queue.ts";
import { named } from "../event.ts";
import type { EventHandle } from "../event-queue.ts";
import { EventKind } from "../owner.ts";
import type { SimRandomProvider } from "../random.ts";
import { toMicros } from "../time.ts";
import type { MsRange } from "./latency.ts";
import type { Pipe } from "./pipe.ts";

/** What a reader is given; `undefined` is the end of the stream. */
export type Chunk = Uint8Array | undefined;

/**
 * The receiving side of a pipe. At most one reader waits, while nothing is here and for as long as reading takes. Bytes
 * that are being read are read, unless the reader itself thinks better of it.
 */
export class Inbox {
  // What every segment needs comes first, side by side (bench row `sim.scale`).
  /** The ends of the promise that a reader waits for. */
  #resolve: ((chunk: Chunk) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  /** The event that ends the read which is going on. */
  #reading: EventHandle | undefined;
  /** What is read next, and what has arrived behind it. */
  #next: Chunk;
  #behind: Queue<Uint8Array> | undefined;
  readonly #pipe: Pipe;
  /** Draws how long reads take; none where they take no time. */
  readonly #pace: SimRandomProvider | undefined;
  readonly #readMs: MsRange;
  #closed = false;
  /** What comes behind the bytes that are here. */
  #last: "more" | "end" | { readonly error: Error } = "more";

  /** One for all reads. */
  readonly #wait = (
    resolve: (chunk: Chunk) => void,
    reject: (error: unknown) => void,
  ): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  /** @param pipe what is read makes room there. */
  constructor(pipe: Pipe) {
    const { readMs } = pipe.parts.config;
    this.#pipe = pipe;
    this.#readMs = readMs;
    if (readMs[1] > 0)
      this.#pace = pipe.engine.stream(`reads ${pipe.receiver.ip}`);
  }

  get reading(): boolean {
    return this.#resolve !== undefined;
  }

  /** Whether nobody will ever read what arrives. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The next bytes: those that are here, or whatever comes. */
  read(): Promise<Chunk> {
    if (this.#next !== undefined) {
      if (this.#pace === undefined) return Promise.resolve(this.#give());
      this.#begin(this.#pace);
    } else if (this.#last !== "more") this.#tellLater();
    return new Promise(this.#wait);
  }

  /** Bytes arrived, and somebody may read them. */
  add(bytes: Uint8Array): void {
    if (this.#next === undefined) this.#next = bytes;
    else (this.#behind ??= new Queue()).push(bytes);
    if (this.#resolve === undefined || this.#reading !== undefined) return;
    if (this.#pace === undefined) this.finish();
    else this.#begin(this.#pace);
  }

  /** The event of a read being done. */
  finish(): void {
    const resolve = this.#resolve;
    this.forget();
    this.#reading = undefined;
    resolve?.(this.#give());
  }

  /** The end arrived. */
  end(): void {
    if (this.#last === "more") this.#last = "end";
    if (this.#reading !== undefined) return;
    this.#resolve?.(undefined);
    this.forget();
  }

  /** Throw away what has arrived, which makes room as reading it would. */
  discard(): void {
    for (let chunk = this.#next; chunk !== undefined; chunk = this.#next) {
      this.#next = this.#behind?.shift();
      this.#pipe.taken(chunk.length);
    }
  }

  /** Nobody reads any more. */
  close(error: Error): void {
    this.#closed = true;
    this.#next = undefined;
    this.#behind = undefined;
    if (this.#reading !== undefined) this.#pipe.engine.cancel(this.#reading);
    this.#reading = undefined;
    this.fail(error);
  }

  /** Reject who waits. Bytes that have arrived stay readable. */
  fail(error: Error): void {
    this.#last = { error };
    if (this.#reading !== undefined) return;
    this.#reject?.(error);
    this.forget();
  }

  /** Drop who waits, unsettled. */
  forget(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
  }

  /** By an event, as if it came only now: by then whatever was read before has settled. */
  #tellLater(): void {
    const { engine, receiver } = this.#pipe;
    engine.schedule(0, receiver, EventKind.network, tellLast, this);
  }

  /** The event of a reader's being told what came behind the bytes. */
  tellLast(): void {
    if (typeof this.#last === "object") this.fail(this.#last.error);
    else this.end();
  }

  #begin(pace: SimRandomProvider): void {
    const { engine, receiver } = this.#pipe;
    const [fromMs, toMs] = this.#readMs;
    const micros = toMicros(fromMs + pace.ratio() * (toMs - fromMs));
    const { network } = EventKind;
    this.#reading = engine.schedule(micros, receiver, network, finish, this);
  }

  /** All of the next bytes, or when reads are short the first of them. */
  #give(): Chunk {
    const bytes = this.#next;
    if (bytes === undefined) return undefined;
    const length = this.#pipe.readLength(bytes);
    this.#pipe.taken(length);
    if (length === bytes.length) {
      this.#next = this.#behind?.shift();
      return bytes;
    }
    this.#next = bytes.subarray(length);
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
