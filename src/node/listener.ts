/** A place where TCP connections arrive. */
import type { Server, Socket } from "node:net";

import { Queue } from "../base/queue.ts";
import { thrownText } from "../base/shown.ts";
import {
  type Connection,
  type Listener,
  type NetworkAddress,
  onAbort,
  type Trace,
  type WaitOptions,
} from "../core/index.ts";
import type { NodeConfig } from "./config.ts";
import { NodeConnection } from "./connection.ts";
import { closedError } from "./network-error.ts";
import { resetSocket } from "./reset-socket.ts";
import { peerNameOf, secureServer } from "./secure-socket.ts";
import { hasAddresses } from "./socket-address.ts";
import { neededTls, type TlsConfig } from "./tls-config.ts";

/** What listeners of one program have in common. */
interface Surroundings {
  readonly config: NodeConfig;
  readonly trace: Trace;
}

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
  readonly #trace: Trace;
  readonly #arrived = new Queue<NodeConnection>();
  readonly #tls: TlsConfig | undefined;
  /** Those whose TLS handshake is under way. */
  readonly #greeting = new Set<NodeConnection>();
  /** In the order of their calls. */
  readonly #waiters = new Set<Waiter>();

  /** `server` already listens, with `pauseOnConnect` and `allowHalfOpen`. */
  constructor(
    server: Server,
    address: NetworkAddress,
    { config, trace }: Surroundings,
  ) {
    this.address = address;
    this.#server = server;
    this.#config = config;
    this.#trace = trace;
    this.#tls = address.isTls ? neededTls(config.tls, address) : undefined;
    server.on("connection", this.#arrive);
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
    for (const connection of this.#greeting) connection.reset();
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

  /** Let TLS have it, and admit what comes of that. Whoever fails has been shown out. */
  async #secure(below: NodeConnection, tls: TlsConfig): Promise<void> {
    this.#greeting.add(below);
    below.start();
    try {
      const timeoutMs = this.#config.tlsHandshakeTimeoutMs;
      const socket = await secureServer(below, tls, timeoutMs);
      const peerName = peerNameOf(socket);
      const secured = { below, peerName };
      socket.pause();
      this.#admit(new NodeConnection(socket, this.#config, secured));
    } catch (error) {
      // Strangers come and go; nobody here waits for this one.
      below.reset();
      this.#tellRefused(below.remote, error);
    } finally {
      this.#greeting.delete(below);
    }
  }

  /** Only those who look for it learn why nobody gets in: the other side is told as little as it may be. */
  #tellRefused(remote: NetworkAddress, error: unknown): void {
    if (!this.#trace.enabled) return;
    const [listener, reason] = [this.address.url, thrownText(error)];
    this.#trace.emit("node.tls_refused", {
      listener,
      remote: remote.key,
      reason,
    });
  }

  readonly #arrive = (socket: Socket): void => {
    socket.on("error", ignoreError);
    const waiting = this.#arrived.size + this.#greeting.size;
    const isFull = waiting >= this.#config.acceptQueueLengthMax;
    // A socket without addresses has been reset by the other side already.
    if (isFull || !hasAddresses(socket)) return resetSocket(socket);
    const connection = new NodeConnection(socket, this.#config);
    if (this.#tls === undefined) this.#admit(connection);
    else this.#secure(connection, this.#tls).catch(ignoreError);
  };

  #admit(connection: NodeConnection): void {
    if (!this.#server.listening) return connection.reset();
    const [waiter] = this.#waiters;
    if (waiter === undefined) return this.#arrived.push(connection);
    this.#waiters.delete(waiter);
    waiter.unsubscribe();
    connection.start();
    waiter.resolve(connection);
  }
}

function ignoreError(): void {
  // Of the server: out of file descriptors, mostly; the kernel keeps the
  // connection queued, and we go on when others have been closed. Of a socket:
  // its connection has listeners of its own, and without one nobody cares.
}
