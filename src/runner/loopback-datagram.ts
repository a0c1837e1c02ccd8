/** A real datagram socket under the address that its member has in the simulation. */
import {
  toAddress,
  type Datagram,
  type DatagramSocket,
  type NetworkAddress,
  type WaitOptions,
} from "../core/index.ts";
import type { Mortality } from "./mortality.ts";
import type { Switchboard } from "./switchboard.ts";

export interface LoopbackDatagramParts {
  readonly socket: DatagramSocket;
  readonly address: NetworkAddress;
  readonly switchboard: Switchboard;
  readonly onClose: () => void;
  readonly mortality: Mortality;
}

/** Translates where datagrams go to and come from. What is sent to a member's port that nobody has taken is lost. */
export class LoopbackDatagramSocket implements DatagramSocket {
  readonly address: NetworkAddress;
  readonly #parts: LoopbackDatagramParts;

  constructor(parts: LoopbackDatagramParts) {
    this.address = parts.address;
    this.#parts = parts;
  }

  async send(bytes: Uint8Array, to: string | NetworkAddress): Promise<void> {
    const { socket, switchboard } = this.#parts;
    const target = toAddress(to);
    if (!switchboard.isMember(target.ip)) return socket.send(bytes, target);
    const real = switchboard.realOf("udp", target);
    if (real !== undefined) await socket.send(bytes, real);
  }

  async receive(options?: WaitOptions): Promise<Datagram> {
    const { socket, switchboard, mortality } = this.#parts;
    const receiving = socket.receive(options);
    const { from, bytes } = await mortality.outlive(receiving);
    return { from: switchboard.knownOf("udp", from), bytes };
  }

  close(): Promise<void> {
    this.#parts.onClose();
    return this.#parts.socket.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
