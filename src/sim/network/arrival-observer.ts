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
    this.#receiver.held();
    this.#sender.held();
  }

  passed(): void {
    this.#receiver.passed();
    this.#sender.passed();
  }

  lost(): void {
    this.#sender.circuit.lost(this.#sender);
  }

  corrupted(): void {
    this.#receiver.circuit.corrupted();
  }

  unwanted(): void {
    this.#receiver.refuseBytes();
  }

  refused(): void {
    this.#sender.breakByNetwork();
    this.#receiver.breakByNetwork();
  }

  ended(): void {
    this.#receiver.releaseIfDone();
  }

  broken(): void {
    this.#receiver.brokenByPeer();
  }
}
