/** A real listener under the address that its member has in the simulation. */
import type {
  Connection,
  Listener,
  NetworkAddress,
  WaitOptions,
} from "../core/index.ts";
import type { Mortality } from "./mortality.ts";
import type { KnownEnds } from "./loopback-connection.ts";

export interface LoopbackListenerParts {
  readonly listener: Listener;
  readonly address: NetworkAddress;
  readonly onClose: () => void;
  readonly mortality: Mortality;
  /** The address by which everybody knows whoever dialled. */
  readonly knownAs: (dialler: NetworkAddress) => NetworkAddress;
  readonly wrap: (connection: Connection, ends: KnownEnds) => Connection;
}

/** Hands everything on, but for the addresses. */
export class LoopbackListener implements Listener {
  readonly address: NetworkAddress;
  readonly #parts: LoopbackListenerParts;

  constructor(parts: LoopbackListenerParts) {
    this.address = parts.address;
    this.#parts = parts;
  }

  async accept(options?: WaitOptions): Promise<Connection> {
    const { listener, wrap, knownAs, mortality } = this.#parts;
    const connection = await mortality.outlive(listener.accept(options));
    const { remote } = connection;
    return wrap(connection, {
      local: () => this.address,
      // Asked late: who dialled is introduced when its own side is connected, which may be after this one.
      remote: () => knownAs(remote),
    });
  }

  close(): Promise<void> {
    this.#parts.onClose();
    return this.#parts.listener.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
