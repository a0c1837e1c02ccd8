/** The reading half of a connection. */
import type { Socket } from "node:net";

import { Queue } from "../base/queue.ts";
import type { NetworkError } from "../core/index.ts";

/** What the next read finds once the queue is empty. */
type InputState =
  | { kind: "open" }
  | { kind: "ended" }
  | { kind: "failed"; error: NetworkError };

/**
 * Takes chunks from a socket and keeps them until they are asked for.
 *
 * Invariants
 * 1. At most one read waits, and only while the queue is empty.
 * 2. The queue never holds more than `readAheadBytes` and one chunk: above the
 *    limit the socket is paused, so the sender's window closes.
 * 3. What arrived before the end or the failure is read before it.
 */
export class SocketInput {
  readonly #socket: Socket;
  readonly #readAheadBytes: number;
  readonly #chunks = new Queue<Uint8Array>();
  #queuedBytes = 0;
  #state: InputState = { kind: "open" };
  #resolve: ((chunk: Uint8Array | undefined) => void) | undefined;
  #reject: ((error: NetworkError) => void) | undefined;

  /** The socket's flow is left as it is: a paused one stays paused. */
  constructor(socket: Socket, readAheadBytes: number) {
    this.#socket = socket;
    this.#readAheadBytes = readAheadBytes;
    socket.on("data", this.#arrived);
    socket.on("end", this.#ended);
  }

  /** As `Connection.read`. Costs one promise when a chunk is queued. */
  read(): Promise<Uint8Array | undefined> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#taken(chunk.length);
      return Promise.resolve(chunk);
    }
    if (this.#resolve !== undefined)
      return Promise.reject(new TypeError(twoReads));
    if (this.#state.kind !== "open") setImmediate(this.#tellReader);
    return new Promise(this.#wait);
  }

  /** The connection broke. An end that was seen before stays an end. */
  fail(error: NetworkError): void {
    if (this.#state.kind === "open") this.#fail(error);
  }

  /** Nobody will read any more: drop what is queued and what still comes. */
  discard(error: NetworkError): void {
    this.#chunks.clear();
    this.#queuedBytes = 0;
    if (this.#state.kind !== "failed") this.#fail(error);
    this.#socket.resume();
  }

  #fail(error: NetworkError): void {
    this.#state = { kind: "failed", error };
    this.#reject?.(error);
    this.#forgetWait();
  }

  /** In a turn of its own: what was read before has settled. */
  readonly #tellReader = (): void => {
    if (this.#state.kind === "failed") this.#reject?.(this.#state.error);
    else this.#resolve?.(undefined);
    this.#forgetWait();
  };

  #taken(byteCount: number): void {
    const before = this.#queuedBytes;
    this.#queuedBytes = before - byteCount;
    const resumeAt = this.#readAheadBytes / 2;
    if (before > resumeAt && this.#queuedBytes <= resumeAt) {
      this.#socket.resume();
    }
  }

  readonly #wait = (
    resolve: (chunk: Uint8Array | undefined) => void,
    reject: (error: NetworkError) => void,
  ): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  readonly #arrived = (buffer: Buffer): void => {
    if (this.#state.kind !== "open") return;
    // Not a Buffer, whose `slice` and `toString` differ: as in simulation.
    const { byteOffset, length } = buffer;
    const chunk = new Uint8Array(buffer.buffer, byteOffset, length);
    if (this.#resolve !== undefined) return this.#settle(chunk);
    this.#chunks.push(chunk);
    this.#queuedBytes += length;
    if (this.#queuedBytes >= this.#readAheadBytes) this.#socket.pause();
  };

  readonly #ended = (): void => {
    if (this.#state.kind !== "open") return;
    this.#state = { kind: "ended" };
    if (this.#resolve !== undefined) this.#settle(undefined);
  };

  #settle(chunk: Uint8Array | undefined): void {
    const resolve = this.#resolve;
    this.#forgetWait();
    resolve?.(chunk);
  }

  #forgetWait(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
  }
}

const twoReads = "one read at a time: the previous read() has not settled";
