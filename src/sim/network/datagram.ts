/** Datagrams of a simulated network: what travels alone may be lost, doubled, or overtaken. */
import { Queue } from "../../base/queue.ts";
import {
  NetworkAddress,
  NetworkError,
  onAbort,
  toAddress,
  type Datagram,
  type DatagramSocket,
  type WaitOptions,
} from "../../core/index.ts";
import { named } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import type { Belonging } from "../incarnation.ts";
import type { Inspection } from "../inventory.ts";
import { EventKind } from "../owner.ts";
import { DatagramTrip } from "./datagram-trip.ts";
import type { SimNetwork } from "./sim-network.ts";

interface Waiter {
  readonly resolve: (datagram: Datagram) => void;
  readonly reject: (error: unknown) => void;
  readonly unsubscribe: () => void;
}

/** What arrives while so many wait to be received is dropped. */
const waitingMax = 1_024;

/** One port for datagrams of one machine, in the name of one incarnation. */
export class SimDatagramSocket implements DatagramSocket, Belonging {
  readonly address: NetworkAddress;
  readonly #network: SimNetwork;
  readonly #handle: SimHandle;
  readonly #arrived = new Queue<Datagram>();
  #waiters: Waiter[] = [];
  #closed = false;

  constructor(network: SimNetwork, handle: SimHandle, address: NetworkAddress) {
    this.#network = network;
    this.#handle = handle;
    this.address = address;
    handle.own(this);
    network.hosts
      .at(handle.incarnation.ip)
      .datagramSockets.set(address.port, this);
  }

  send(bytes: Uint8Array, where: string | NetworkAddress): Promise<void> {
    const to = toAddress(where);
    if (!this.#handle.usable) return this.#handle.unusable();
    if (this.#closed) return Promise.reject(this.#closedError());
    const { datagramBytesMax } = this.#network.config;
    if (bytes.length > datagramBytesMax) {
      const address = to.key;
      const message = `${bytes.length} bytes are more than the ${datagramBytesMax} of a datagram to ${address}`;
      return Promise.reject(
        new NetworkError("too_large", message, { address }),
      );
    }
    // A socket that listens everywhere is seen under its machine's address.
    const { ip } = this.#handle.incarnation;
    this.#handle.engine.giveOut(bytes);
    const from = new NetworkAddress(ip, this.address.port);
    DatagramTrip.begin(this.#network, {
      from,
      to,
      bytes: new Uint8Array(bytes),
    });
    return sent;
  }

  receive(options: WaitOptions = {}): Promise<Datagram> {
    const { signal } = options;
    if (!this.#handle.usable) return this.#handle.unusable();
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.#closed) return Promise.reject(this.#closedError());
    const datagram = this.#arrived.shift();
    if (datagram !== undefined) return Promise.resolve(datagram);
    return new Promise((resolve, reject) => {
      const unsubscribe = onAbort(signal, (reason) => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(reason as Error);
      });
      const waiter: Waiter = { resolve, reject, unsubscribe };
      this.#waiters.push(waiter);
    });
  }

  close(): Promise<void> {
    if (!this.#handle.usable) return this.#handle.unusable();
    if (this.#closed) return Promise.resolve();
    this.#handle.incarnation.belongings.delete(this);
    const waiters = this.#waiters;
    this.severed();
    for (const { unsubscribe, reject } of waiters) {
      unsubscribe();
      reject(this.#closedError());
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  inspect(): Inspection {
    const name = this.address.key;
    const waits = this.#waiters.map(() => `a datagram at ${name}`);
    return { holding: { kind: "datagram_socket", name }, waits };
  }

  /** The process is dead: the port is free, and who waited waits for ever. */
  severed(): void {
    const { ip } = this.#handle.incarnation;
    this.#closed = true;
    this.#network.hosts.at(ip).datagramSockets.delete(this.address.port);
    this.#arrived.clear();
    this.#waiters = [];
  }

  /** One has arrived. The process hears of it in an event of its own. False when there is no room. */
  deliver(datagram: Datagram): boolean {
    if (this.#arrived.size >= waitingMax) return false;
    const { engine, incarnation } = this.#handle;
    this.#arrived.push(datagram);
    engine.takeIn("receives", datagram.bytes);
    engine.schedule(0, incarnation, EventKind.network, serveWaiter, this);
    return true;
  }

  /** The event of handing a datagram to who waits for one. */
  serveWaiter(): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined) return;
    const datagram = this.#arrived.shift();
    if (datagram === undefined) return;
    this.#waiters.shift();
    waiter.unsubscribe();
    waiter.resolve(datagram);
  }

  #closedError(): NetworkError<"closed"> {
    const address = this.address.key;
    const message = `the datagram socket at ${address} was closed on this side`;
    return new NetworkError("closed", message, { address });
  }
}

const sent: Promise<void> = Promise.resolve();

const serveWaiter = named<SimDatagramSocket>(
  { kind: "network", operation: "datagram_received" },
  (socket) => socket.serveWaiter(),
);
