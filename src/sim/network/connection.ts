/** One end of a simulated connection. */
import type {
  Connection,
  NetworkAddress,
  NetworkError,
} from "../../core/index.ts";
import { named } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import type { Belonging } from "../incarnation.ts";
import type { Inspection } from "../inventory.ts";
import { EventKind } from "../owner.ts";
import type { Circuit } from "./circuit.ts";
import { closedError, resetError, secondRead } from "./connection-error.ts";
import type { NetworkConfiguration } from "./network-config.ts";
import { Patience } from "./patience.ts";
import type { Pipe } from "./pipe.ts";

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
  #circuit: Circuit | undefined;
  /** Whether the other end was told that the connection is broken. */
  #told = false;
  /** `stopped`: the network has ended our stream without asking us. */
  #sending: "open" | "ended" | "stopped" = "open";
  #closed = false;
  #broken: NetworkError | undefined;
  readonly #patience: Patience;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.local = parts.local;
    this.remote = parts.remote;
    const { handle, config } = parts;
    const giveUp = (): void => this.#giveUp();
    this.#patience = new Patience(handle, config.resetAfterMs, giveUp);
    parts.handle.incarnation.belongings.add(this);
  }

  /** The connection that this is one end of, for those who act upon it. */
  get circuit(): Circuit {
    return this.#circuit as Circuit;
  }

  /** Become one end of it. */
  joinTo(circuit: Circuit): void {
    this.#circuit = circuit;
  }

  read(): Promise<Uint8Array | undefined> {
    const { handle, incoming } = this.#parts;
    const { inbox } = incoming;
    if (!handle.usable) return handle.unusable();
    if (inbox.reading) return Promise.reject(secondRead());
    if (this.#closed) return Promise.reject(closedError(this.remote.key));
    return inbox.read();
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const { handle, outgoing } = this.#parts;
    if (!handle.usable) return handle.unusable();
    if (this.#broken !== undefined && !this.#closed)
      return Promise.reject(this.#broken);
    if (this.#sending === "open") {
      handle.engine.giveOut(bytes);
      return outgoing.write(bytes);
    }
    if (this.#sending === "ended" || this.#closed)
      return Promise.reject(closedError(this.remote.key));
    return Promise.reject(this.#resetError("was ended by the network"));
  }

  end(): void {
    if (!this.#parts.handle.usable || this.#broken !== undefined) return;
    if (this.#sending !== "open") return;
    this.#sending = "ended";
    this.#parts.outgoing.end();
    this.releaseIfDone();
  }

  close(): void {
    if (!this.#parts.handle.usable || this.#closed) return;
    const { incoming, outgoing } = this.#parts;
    this.end();
    this.#closed = true;
    this.#sending = "ended";
    incoming.inbox.discard();
    incoming.inbox.close(closedError(this.remote.key));
    outgoing.failSender(closedError(this.remote.key));
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

  onGone(release: () => void): () => void {
    return this.#parts.handle.incarnation.onGone(release);
  }

  inspect(): Inspection {
    const { local, remote } = this;
    const { incoming, outgoing } = this.#parts;
    const waits: string[] = [];
    if (incoming.inbox.reading) waits.push(`bytes from ${remote.key}`);
    if (outgoing.writing) waits.push(`room to write to ${remote.key}`);
    const name = `${local.key} → ${remote.key}`;
    const holding = { kind: "connection", name } as const;
    return { holding: this.#closed ? undefined : holding, waits };
  }

  /** This end's process is dead. Its waits stay unsettled for ever; the other end is told, if anybody can tell it. */
  severed(silently = false): void {
    if (silently) this.#circuit?.vanished(this);
    else this.#tellPeer();
    this.#parts.incoming.forget(this.#parts.handle);
    this.#parts.outgoing.forget(this.#parts.handle);
    this.#circuit?.released(this);
  }

  /** The network broke the connection, here. The other end is not told, unless it sends. */
  breakByNetwork(): void {
    const { engine, incarnation } = this.#parts.handle;
    if (!incarnation.alive || this.#broken !== undefined) return;
    engine.schedule(0, incarnation, EventKind.network, breakNow, this);
  }

  /** The event of being broken by the network. */
  breakNow(): void {
    this.#breakHere(this.#resetError("was broken by the network"));
  }

  /** The network ends our stream, after what was written. */
  endByNetwork(): void {
    if (this.#sending !== "open" || this.#broken !== undefined) return;
    this.#sending = "stopped";
    this.#parts.outgoing.seal();
    this.releaseIfDone();
  }

  /** Something is held by a partition, this way or that: this end gives up after a while. */
  held(): void {
    this.#patience.held();
  }

  /** It travels on: once nothing is held any more, there is no need to give up. */
  passed(): void {
    this.#patience.passed();
  }

  /** What this end sends is lost: it gives up after a while, whatever still arrives. */
  lost(): void {
    this.#patience.lost();
  }

  /** The other side broke the connection, or died. */
  brokenByPeer(): void {
    this.#break(this.#resetError("was reset by the other side"));
  }

  /** The other side sends to an end that is not there any more: it is told so. */
  refuseBytes(): void {
    if (this.#broken === undefined) this.reset();
    else this.#tellPeer();
  }

  /** Both streams are over: whatever becomes of the process, the other end need not hear of it. */
  releaseIfDone(): void {
    if (this.#sending !== "open" && this.#parts.incoming.over) this.#release();
  }

  #tellPeer(): void {
    if (this.#told) return;
    this.#told = true;
    this.#parts.outgoing.break();
  }

  #giveUp(): void {
    this.#tellPeer();
    this.#breakHere(
      this.#resetError("broke: its bytes were not acknowledged for too long"),
    );
  }

  /** Broken by this end: what arrived is gone as well. */
  #breakHere(error: NetworkError): void {
    this.#parts.incoming.inbox.close(error);
    this.#break(error);
  }

  #break(error: NetworkError): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    this.#patience.stop();
    this.#parts.incoming.inbox.fail(error);
    this.#parts.outgoing.failSender(error);
    this.#release();
  }

  #release(): void {
    this.#parts.handle.incarnation.belongings.delete(this);
    this.#circuit?.released(this);
  }

  #resetError(what: string): NetworkError<"reset"> {
    return resetError(this.remote.key, what);
  }
}

const breakNow = named<SimConnection>(
  { kind: "connection", operation: "broken_by_network" },
  (connection) => connection.breakNow(),
);
