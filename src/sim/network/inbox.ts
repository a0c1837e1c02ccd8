/** Where the bytes of a pipe arrive: kept until somebody reads them. */
import { Queue } from "../../base/queue.ts";
import type { Mishaps } from "./mishaps.ts";

/** What a reader is given; `undefined` is the end of the stream. */
export type Chunk = Uint8Array | undefined;

interface Reader {
  readonly resolve: (chunk: Chunk) => void;
  readonly reject: (error: unknown) => void;
}

/** The receiving side of a pipe. At most one reader waits, and only while nothing is here. */
export class Inbox {
  readonly #mishaps: Mishaps;
  readonly #onTaken: (bytes: Uint8Array) => Uint8Array;
  readonly #chunks = new Queue<Uint8Array>();
  #reader: Reader | undefined;
  #state: "open" | "ended" | "closed" = "open";

  /** @param onTaken told of what is taken out, which it returns. */
  constructor(mishaps: Mishaps, onTaken: (bytes: Uint8Array) => Uint8Array) {
    this.#mishaps = mishaps;
    this.#onTaken = onTaken;
  }

  get reading(): boolean {
    return this.#reader !== undefined;
  }

  get unread(): boolean {
    return this.#chunks.size > 0;
  }

  /** Whether nobody will ever read what arrives. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /** The next bytes: waiting ones first, then the end, then whatever comes. */
  read(): Promise<Chunk> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return Promise.resolve(this.#give(chunk));
    if (this.#state === "ended") return endOfStream;
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /** Bytes arrived, and somebody may read them. */
  add(bytes: Uint8Array): void {
    const reader = this.#reader;
    if (reader === undefined) {
      this.#chunks.push(bytes);
    } else {
      this.#reader = undefined;
      reader.resolve(this.#give(bytes));
    }
  }

  /** The end arrived. */
  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#reader?.resolve(undefined);
    this.#reader = undefined;
  }

  /** Throw away what has arrived, which makes room as reading it would. */
  discard(): void {
    for (const chunk of this.#chunks) this.#onTaken(chunk);
    this.#chunks.clear();
  }

  /** Nobody reads any more. */
  close(error: Error): void {
    this.#state = "closed";
    this.#chunks.clear();
    this.fail(error);
  }

  /** Reject who waits. Bytes that have arrived stay readable. */
  fail(error: Error): void {
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  /** Drop who waits, unsettled. */
  forget(): void {
    this.#reader = undefined;
  }

  /** All of the next bytes, or when reads are short the first of them. */
  #give(bytes: Uint8Array): Uint8Array {
    const length = this.#mishaps.readLength(bytes);
    if (length === bytes.length) return this.#onTaken(bytes);
    this.#chunks.unshift(bytes.subarray(length));
    return this.#onTaken(bytes.subarray(0, length));
  }
}

const endOfStream: Promise<undefined> = Promise.resolve(undefined);
