/** A place where simulated connections arrive. */
import { Queue } from "../../base/queue.ts";
import {
  NetworkError,
  onAbort,
  type Connection,
  type Listener,
  type NetworkAddress,
  type WaitOptions,
} from "../../core/index.ts";
import { named } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import type { Belonging } from "../incarnation.ts";
import type { Inspection } from "../inventory.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import type { SimConnection } from "./connection.ts";

interface Acceptor {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
  readonly unsubscribe: () => void;
}

/** Listens on one port of one machine, in the name of one incarnation. */
export class SimListener implements Listener, Belonging {
  readonly address: NetworkAddress;
  readonly handle: SimHandle;
  readonly #onClose: () => void;
  readonly #backlog = new Queue<SimConnection>();
  /** Connections that are not there to accept yet. */
  readonly #arriving = new Queue<SimConnection>();
  #acceptors: Acceptor[] = [];
  #closed = false;

  constructor(handle: SimHandle, address: NetworkAddress, onClose: () => void) {
    this.handle = handle;
    this.address = address;
    this.#onClose = onClose;
    handle.own(this);
  }

  /** How many connections wait to be accepted. */
  get waiting(): number {
    return this.#backlog.size + this.#arriving.size;
  }

  accept(options: WaitOptions = {}): Promise<Connection> {
    if (!this.handle.usable) return this.handle.unusable();
    if (options.signal?.aborted === true)
      return Promise.reject(options.signal.reason as Error);
    if (this.#closed) return Promise.reject(this.#closedError());
    const { origins } = this.handle.engine;
    const waiting = this.#backlog.shift();
    if (waiting !== undefined) {
      origins?.keep(waiting);
      return Promise.resolve(waiting);
    }
    return new Promise((resolve, reject) => {
      const unsubscribe = onAbort(options.signal, (reason) => {
        this.#acceptors = this.#acceptors.filter((other) => other !== acceptor);
        reject(reason as Error);
      });
      const acceptor: Acceptor = { resolve, reject, unsubscribe };
      this.#acceptors.push(acceptor);
      origins?.keep(acceptor);
    });
  }

  /** A handshake is done. The process hears of it in an event of its own, after a while. */
  arrived(connection: SimConnection, afterMs: number): void {
    const { engine, incarnation } = this.handle;
    const { network } = EventKind;
    const queue = afterMs === 0 ? this.#backlog : this.#arriving;
    const action = afterMs === 0 ? serveAcceptor : admit;
    queue.push(connection);
    engine.schedule(toMicros(afterMs), incarnation, network, action, this);
  }

  /** The event of a connection being there to accept. */
  admit(): void {
    const connection = this.#arriving.shift();
    if (connection === undefined) return;
    this.#backlog.push(connection);
    this.serveAcceptor();
  }

  /** The event of handing a connection to who waits for one. */
  serveAcceptor(): void {
    const acceptor = this.#acceptors[0];
    const connection =
      acceptor === undefined ? undefined : this.#backlog.shift();
    if (acceptor === undefined || connection === undefined) return;
    this.#acceptors.shift();
    acceptor.unsubscribe();
    const { origins } = this.handle.engine;
    origins?.keep(connection, origins.of(acceptor));
    acceptor.resolve(connection);
  }

  close(): Promise<void> {
    if (!this.handle.usable) return this.handle.unusable();
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#onClose();
    this.handle.incarnation.belongings.delete(this);
    for (const queue of [this.#backlog, this.#arriving]) {
      for (const connection of queue) connection.reset();
      queue.clear();
    }
    const acceptors = this.#acceptors;
    this.#acceptors = [];
    for (const acceptor of acceptors) {
      acceptor.unsubscribe();
      acceptor.reject(this.#closedError());
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  inspect(): Inspection {
    const name = this.address.key;
    const waits = this.#acceptors.map(() => `a connection at ${name}`);
    return { holding: { kind: "listener", name }, waits };
  }

  severed(): void {
    this.#closed = true;
    this.#onClose();
    this.#acceptors = [];
    this.#backlog.clear();
    this.#arriving.clear();
  }

  #closedError(): NetworkError<"closed"> {
    const address = this.address.key;
    return new NetworkError("closed", `the listener at ${address} was closed`, {
      address,
    });
  }
}

const accepted = { kind: "connection", operation: "accepted" } as const;
const serveAcceptor = named<SimListener>(accepted, (listener) =>
  listener.serveAcceptor(),
);
const admit = named<SimListener>(accepted, (listener) => listener.admit());
