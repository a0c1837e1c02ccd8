/** Datagrams through `node:dgram`. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";

import { Queue } from "../base/queue.ts";
import {
  type Datagram,
  type DatagramSocket,
  type NetworkAddress,
  onAbort,
  toAddress,
  type WaitOptions,
} from "../core/index.ts";
import { bindError, closedError, datagramError } from "./network-error.ts";
import { addressOf } from "./socket-address.ts";

/** Somebody in `receive()`. */
interface Waiter {
  readonly resolve: (datagram: Datagram) => void;
  readonly reject: (reason: unknown) => void;
  readonly unsubscribe: () => void;
}

/** What arrives while so many wait to be received is dropped, as a full buffer of the kernel would. */
const waitingMax = 1_024;

/** Resolve once the socket has its port. */
export function openDatagramSocket(
  wanted: NetworkAddress,
): Promise<DatagramSocket> {
  const type = wanted.ip.includes(":") ? "udp6" : "udp4";
  const socket = createSocket(type);
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => reject(bindError(wanted.key, cause));
    socket.once("error", failed);
    socket.bind(
      { address: wanted.ip, port: wanted.port, exclusive: true },
      () => {
        socket.off("error", failed);
        const { address, port } = socket.address();
        resolve(new NodeDatagramSocket(socket, addressOf(address, port)));
      },
    );
  });
}

/** Datagrams wait, or callers of `receive()` do, never both. */
export class NodeDatagramSocket implements DatagramSocket {
  readonly address: NetworkAddress;
  readonly #socket: Socket;
  readonly #arrived = new Queue<Datagram>();
  /** In the order of their calls. */
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  /** Takes over a bound socket. */
  constructor(socket: Socket, address: NetworkAddress) {
    this.address = address;
    this.#socket = socket;
    socket.on("error", ignoreError);
    socket.on("message", this.#receive);
  }

  send(bytes: Uint8Array, to: string | NetworkAddress): Promise<void> {
    const { ip, port, key } = toAddress(to);
    if (this.#closed) return Promise.reject(this.#closedError());
    return new Promise((resolve, reject) => {
      this.#socket.send(bytes, port, ip, (cause) => {
        const error = cause === null ? undefined : datagramError(key, cause);
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  receive(options: WaitOptions = {}): Promise<Datagram> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (this.#closed) return Promise.reject(this.#closedError());
    const datagram = this.#arrived.shift();
    if (datagram !== undefined) return Promise.resolve(datagram);
    return new Promise((resolve, reject) => {
      const unsubscribe = onAbort(signal, (reason) => {
        this.#waiters.delete(waiter);
        reject(reason);
      });
      const waiter: Waiter = { resolve, reject, unsubscribe };
      this.#waiters.add(waiter);
    });
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    for (const { unsubscribe, reject } of this.#waiters) {
      unsubscribe();
      reject(this.#closedError());
    }
    this.#waiters.clear();
    this.#arrived.clear();
    return new Promise((resolve) => {
      this.#socket.close(() => resolve());
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #receive = (bytes: Uint8Array, info: RemoteInfo): void => {
    const from = addressOf(info.address, info.port);
    const datagram = { from, bytes: new Uint8Array(bytes) };
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      if (this.#arrived.size < waitingMax) this.#arrived.push(datagram);
      return;
    }
    this.#waiters.delete(waiter);
    waiter.unsubscribe();
    waiter.resolve(datagram);
  };

  #closedError(): Error {
    return closedError(this.address.key, "datagram socket at");
  }
}

function ignoreError(): void {
  // An earlier datagram could not be delivered; that is what datagrams are like.
}
