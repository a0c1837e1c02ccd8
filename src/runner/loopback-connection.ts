/** A real connection under the addresses that its two members have in the simulation. */
import type { Connection, NetworkAddress } from "../core/index.ts";
import type { Mortality } from "./mortality.ts";

/** The addresses by which everybody knows the two ends. */
export interface KnownEnds {
  readonly local: () => NetworkAddress;
  readonly remote: () => NetworkAddress;
}

export interface LoopbackConnectionParts extends KnownEnds {
  readonly connection: Connection;
  readonly onClose: () => void;
  readonly mortality: Mortality;
}

/** Hands everything on, but for the addresses. */
export class LoopbackConnection implements Connection {
  readonly #parts: LoopbackConnectionParts;
  readonly #connection: Connection;

  constructor(parts: LoopbackConnectionParts) {
    this.#parts = parts;
    this.#connection = parts.connection;
  }

  get local(): NetworkAddress {
    return this.#parts.local();
  }

  get remote(): NetworkAddress {
    return this.#parts.remote();
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#parts.mortality.outlive(this.#connection.read());
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    return this.#parts.mortality.outlive(this.#connection.write(bytes));
  }

  end(): void {
    this.#connection.end();
  }

  close(): void {
    this.#parts.onClose();
    this.#connection.close();
  }

  reset(): void {
    this.#parts.onClose();
    this.#connection.reset();
  }

  [Symbol.dispose](): void {
    this.#parts.onClose();
    this.#connection[Symbol.dispose]();
  }
}
