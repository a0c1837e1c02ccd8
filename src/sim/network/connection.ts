/** One end of a simulated connection. */
import { NetworkError, type Connection, type NetworkAddress } from "../../core/index.ts";
import type { EventHandle } from "../event-queue.ts";
import type { SimHandle } from "../handle.ts";
import type { Belonging } from "../incarnation.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import type { NetworkConfiguration } from "./network-config.ts";
import type { Pipe, PipeObserver } from "./pipe.ts";

export interface ConnectionParts {
  readonly handle: SimHandle;
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly incoming: Pipe;
  readonly outgoing: Pipe;
  readonly config: Readonly<NetworkConfiguration>;
}

/**
 * Two pipes, one each way, that end independently and break together.
 *
 * Invariants
 * 1. Once broken, an end stays broken, and says so to every call. Bytes that had arrived can still be read.
 * 2. When an end breaks or dies, the other end learns of it by an event, later, if the network lets it.
 */
export class SimConnection implements Connection, Belonging {
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly #parts: ConnectionParts;
  /** Whether the other end was told that the connection is broken. */
  #told = false;
  #sending: "open" | "ended" = "open";
  #closed = false;
  #broken: NetworkError | undefined;
  #breakTimer: EventHandle | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.local = parts.local;
    this.remote = parts.remote;
    parts.handle.incarnation.belongings.add(this);
  }

  /** Join two ends: the one's outgoing pipe is the other's incoming one. */
  static join(left: SimConnection, right: SimConnection): void {
    left.#parts.incoming.observe(new ArrivalObserver(left, right));
    right.#parts.incoming.observe(new ArrivalObserver(right, left));
  }

  read(): Promise<Uint8Array | undefined> {
    const { handle, incoming } = this.#parts;
    if (!handle.usable) return handle.unusable();
    if (incoming.reading) return Promise.reject(new TypeError("a read of this connection is pending already"));
    if (this.#closed) return Promise.reject(this.#closedError());
    if (this.#broken !== undefined && !incoming.unread) return Promise.reject(this.#broken);
    return incoming.read();
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const { handle, outgoing } = this.#parts;
    if (!handle.usable) return handle.unusable();
    if (this.#broken !== undefined && !this.#closed) return Promise.reject(this.#broken);
    if (this.#sending !== "open") return Promise.reject(this.#closedError());
    return outgoing.write(bytes);
  }

  end(): void {
    if (!this.#parts.handle.usable || this.#broken !== undefined || this.#sending === "ended") return;
    this.#sending = "ended";
    this.#parts.outgoing.end();
    this.releaseIfDone();
  }

  close(): void {
    if (!this.#parts.handle.usable || this.#closed) return;
    this.end();
    this.#closed = true;
    this.#sending = "ended";
    this.#parts.incoming.discard();
    this.#parts.incoming.closeReceiver(this.#closedError());
    this.#parts.outgoing.failSender(this.#closedError());
    this.releaseIfDone();
  }

  reset(): void {
    if (!this.#parts.handle.usable || this.#broken !== undefined) return;
    this.#tellPeer();
    this.#breakHere(this.#resetError("was reset on this side"));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** This end's process is dead. Its waits stay unsettled for ever; the other end is told. */
  severed(): void {
    this.#tellPeer();
    this.#parts.incoming.forget(this.#parts.handle);
    this.#parts.outgoing.forget(this.#parts.handle);
  }

  /** Bytes are held by a partition, this way or that: this end gives up after a while. */
  breakLater(): void {
    const { handle, config } = this.#parts;
    if (this.#breakTimer !== undefined || this.#broken !== undefined || !handle.incarnation.alive) return;
    const [fromMs, toMs] = config.resetAfterMs;
    const delayMs = fromMs + handle.engine.stream(`timeouts ${handle.incarnation.ip}`).ratio() * (toMs - fromMs);
    this.#breakTimer = handle.engine.schedule(toMicros(delayMs), handle.incarnation, EventKind.network, giveUp, this);
  }

  /** Bytes travel again: no need to give up. */
  staysWhole(): void {
    if (this.#breakTimer === undefined) return;
    this.#parts.handle.engine.cancel(this.#breakTimer);
    this.#breakTimer = undefined;
  }

  /** The event of having waited too long for an acknowledgement. */
  giveUp(): void {
    this.#breakTimer = undefined;
    this.#tellPeer();
    this.#breakHere(this.#resetError("broke: its bytes were not acknowledged for too long"));
  }

  /** The other side broke the connection, or died. */
  brokenByPeer(): void {
    this.#break(this.#resetError("was reset by the other side"));
  }

  /** Both streams are over: whatever becomes of the process, the other end need not hear of it. */
  releaseIfDone(): void {
    if (this.#sending === "ended" && this.#parts.incoming.over) this.#release();
  }

  #tellPeer(): void {
    if (this.#told) return;
    this.#told = true;
    this.#parts.outgoing.break();
  }

  /** Broken by this end: what arrived is gone as well. */
  #breakHere(error: NetworkError): void {
    this.#parts.incoming.closeReceiver(error);
    this.#break(error);
  }

  #break(error: NetworkError): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    this.staysWhole();
    this.#parts.incoming.failReceiver(error);
    this.#parts.outgoing.failSender(error);
    this.#release();
  }

  #release(): void {
    this.#parts.handle.incarnation.belongings.delete(this);
  }

  #resetError(what: string): NetworkError<"reset"> {
    const address = this.remote.key;
    return new NetworkError("reset", `the connection to ${address} ${what}`, { address });
  }

  #closedError(): NetworkError<"closed"> {
    const address = this.remote.key;
    return new NetworkError("closed", `the connection to ${address} was closed on this side`, { address });
  }
}

/** Connects what happens in a pipe with the fate of the two ends. */
class ArrivalObserver implements PipeObserver {
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

  unwanted(): void {
    this.#receiver.reset();
  }

  ended(): void {
    this.#receiver.releaseIfDone();
  }

  broken(): void {
    this.#receiver.brokenByPeer();
  }
}

function giveUp(connection: SimConnection): void {
  connection.giveUp();
}
