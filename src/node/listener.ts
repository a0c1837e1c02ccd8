/** A place where TCP connections arrive. */
import type { Server, Socket } from "node:net";

import { Queue } from "../base/queue.ts";
import {
  type Connection,
  type Listener,
  type NetworkAddress,
  onAbort,
  type WaitOptions,
} from "../core/index.ts";
import type { NodeConfig } from "./config.ts";
import { NodeConnection } from "./connection.ts";
import { closedError } from "./network-error.ts";
import { resetSocket } from "./reset-socket.ts";
import { hasAddresses } from "./socket-address.ts";

/** Somebody in `accept()`. */
interface Waiter {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (reason: unknown) => void;
  /** From the signal that may end the wait. */
  readonly unsubscribe: () => void;
}

/**
 * Accepts connections of a `node:net` server.
 *
 * Invariants
 * 1. Connections wait, or callers of `accept()` do, never both.
 * 2. A connection that waits is paused: its bytes stay in the kernel.
 */
export class NodeListener implements Listener {
  readonly address: NetworkAddress;
  readonly #server: Server;
  readonly #config: NodeConfig;
  readonly #arrived = new Queue<NodeConnection>();
  /** In the order of their calls. */
  readonly #waiters = new Set<Waiter>();

  /** `server` already listens, with `pauseOnConnect` and `allowHalfOpen`. */
  constructor(server: Server, address: NetworkAddress, config: NodeConfig) {
    this.address = address;
    this.#server = server;
    this.#config = config;
    server.on("connection", this.#connected);
    server.on("error", ignoreError);
  }

  accept(options: WaitOptions = {}): Promise<Connection> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (!this.#server.listening) return Promise.reject(this.#closed());
    const connection = this.#arrived.shift();
    if (connection === undefined) return this.#wait(signal);
    connection.start();
    return Promise.resolve(connection);
  }

  /** The port is free when this returns, even before the promise is awaited. */
  close(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    this.#server.close();
    for (const waiter of this.#waiters) {
      waiter.unsubscribe();
      waiter.reject(this.#closed());
    }
    this.#waiters.clear();
    for (const connection of this.#arrived) connection.reset();
    this.#arrived.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #wait(signal: AbortSignal | undefined): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const unsubscribe = onAbort(signal, (reason) => {
        this.#waiters.delete(waiter);
        reject(reason);
      });
      const waiter: Waiter = { resolve, reject, unsubscribe };
      this.#waiters.add(waiter);
    });
  }

  #closed(): Error {
    return closedError(this.address.key, "listener at");
  }

  readonly #connected = (socket: Socket): void => {
    socket.on("error", ignoreError);
    const isFull = this.#arrived.size >= this.#config.acceptQueueLengthMax;
    // A socket without addresses has been reset by the other side already.
    if (isFull || !hasAddresses(socket)) return resetSocket(socket);
    const connection = new NodeConnection(socket, this.#config);
    const [waiter] = this.#waiters;
    if (waiter === undefined) return this.#arrived.push(connection);
    this.#waiters.delete(waiter);
    waiter.unsubscribe();
    connection.start();
    waiter.resolve(connection);
  };
}

function ignoreError(): void {
  // Of the server: out of file descriptors, mostly; the kernel keeps the
  // connection queued, and we go on when others have been closed. Of a socket:
  // its connection has listeners of its own, and without one nobody cares.
}
