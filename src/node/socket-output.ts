/** The writing half of a connection. */
import type { Socket } from "node:net";

import { type Deferred, deferred } from "../base/deferred.ts";
import type { NetworkError } from "../core/index.ts";
import { closedError } from "./network-error.ts";

/**
 * Hands bytes to a socket and tells its writers to wait while too many are
 * under way. All writers that wait share one promise.
 */
export class SocketOutput {
  readonly #socket: Socket;
  readonly #address: string;
  #room: Deferred<void> | undefined;
  #failure: NetworkError | undefined;

  /** `address` is the other end, for error messages. */
  constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.#address = address;
    socket.on("drain", this.#drained);
    // A socket that has been told to end emits no "drain".
    socket.on("finish", this.#drained);
  }

  /** As `Connection.write`. Allocates nothing while there is room. */
  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const socket = this.#socket;
    if (socket.writableEnded)
      return Promise.reject(closedError(this.#address, "stream to"));
    if (bytes instanceof Uint8Array) socket.write(bytes);
    else this.#writeTogether(bytes);
    if (!socket.writableNeedDrain) return done;
    this.#room ??= deferred<void>();
    return this.#room.promise;
  }

  /** As `Connection.end`. Harmless when it has ended or failed. */
  end(): void {
    if (this.#failure === undefined && !this.#socket.writableEnded) {
      this.#socket.end();
    }
  }

  /** Reject those who wait, and everybody who writes from now on. */
  fail(error: NetworkError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const room = this.#room;
    this.#room = undefined;
    room?.reject(error);
  }

  /** Several chunks leave in one system call. */
  #writeTogether(chunks: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  readonly #drained = (): void => {
    const room = this.#room;
    this.#room = undefined;
    room?.resolve();
  };
}

const done: Promise<void> = Promise.resolve();
