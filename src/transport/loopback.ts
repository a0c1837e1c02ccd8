/** A connection of a process to itself. */
import { Queue } from "../base/queue.ts";
import {
  type Connection,
  type NetworkAddress,
  NetworkError,
} from "../core/index.ts";

type Waiter = {
  resolve(chunk: Uint8Array | undefined): void;
  reject(error: Error): void;
};

/**
 * What is written is read, later and in order. With it, a message to one's own
 * address takes the same road as any other, frames and all, so that code cannot
 * come to rely on being its own neighbour.
 */
export class LoopbackConnection implements Connection {
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly #chunks = new Queue<Uint8Array>();
  #waiter: Waiter | undefined;
  #state: "open" | "ended" | "broken" = "open";

  constructor(address: NetworkAddress) {
    this.local = address;
    this.remote = address;
  }

  read(): Promise<Uint8Array | undefined> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) return Promise.resolve(chunk);
    if (this.#state === "ended") return Promise.resolve(undefined);
    if (this.#state === "broken") return Promise.reject(this.#error());
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    if (this.#state !== "open") return Promise.reject(this.#error());
    for (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
      if (this.#waiter === undefined) this.#chunks.push(chunk);
      else this.#takeWaiter()?.resolve(chunk);
    }
    return Promise.resolve();
  }

  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#takeWaiter()?.resolve(undefined);
  }

  close(): void {
    this.end();
  }

  reset(): void {
    this.#state = "broken";
    this.#chunks.clear();
    this.#takeWaiter()?.reject(this.#error());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #takeWaiter(): Waiter | undefined {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    return waiter;
  }

  #error(): NetworkError {
    const address = this.remote.key;
    return new NetworkError(
      "closed",
      `the connection of ${address} to itself was closed`,
      { address },
    );
  }
}
