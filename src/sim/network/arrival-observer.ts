/** Connects what happens in a pipe with the fate of the two ends. */
import type { SimConnection } from "./connection.ts";
import type { PipeObserver } from "./pipe-parts.ts";

export class ArrivalObserver implements PipeObserver {
  readonly #receiver: SimConnection;
  readonly #sender: SimConnection;

  constructor(receiver: SimConnection, sender: SimConnection) {
    this.#receiver = receiver;
    this.#sender = sender;
  }

  held(): void {
    this.#receiver.breakLater();
    this.#sender.breakLater();
  }

  passed(): void {
    this.#receiver.staysWhole();
    this.#sender.staysWhole();
  }

  lost(): void {
    this.#sender.breakForLoss();
  }

  corrupted(): void {
    this.#receiver.circuit.corrupted();
  }

  unwanted(): void {
    this.#receiver.refuseBytes();
  }

  ended(): void {
    this.#receiver.releaseIfDone();
  }

  broken(): void {
    this.#receiver.brokenByPeer();
  }
}
