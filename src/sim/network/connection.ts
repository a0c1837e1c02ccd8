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
import type { Inbox } from "./inbox.ts";
import type { MsRange } from "./latency.ts";
import { Patience } from "./patience.ts";
import type { Pipe } from "./pipe.ts";

export interface ConnectionParts {
  readonly handle: SimHandle;
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly incoming: Pipe;
  readonly outgoing: Pipe;
  readonly resetAfterMs: MsRange;
}

/**
 * Two pipes, one each way, that end independently and break together.
 *
 * Invariants
 * 1. Once broken, an end stays broken, and says so to every call. Bytes that had arrived can still be read.
 * 2. When an end breaks or dies, the other end learns of it by an event, later, if the network lets it.
 */
export class SimConnection implements Connection, Belonging {
  // What every read and write needs comes first, side by side (bench row `sim.scale`).
  readonly #handle: SimHandle;
  readonly #outgoing: Pipe;
  readonly #inbox: Inbox;
  /** `stopped`: the network has ended our stream without asking us. */
  #sending: "open" | "ended" | "stopped" = "open";
  #closed = false;
  #broken: NetworkError | undefined;
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly #incoming: Pipe;
  readonly #resetAfterMs: MsRange;
  #circuit: Circuit | undefined;
  /** Whether the other end was told that the connection is broken. */
  #told = false;
  /** From the first time on that anything was held or lost. */
  #patience: Patience | undefined;

  constructor(parts: ConnectionParts) {
    const { handle, incoming } = parts;
    this.#handle = handle;
    this.#outgoing = parts.outgoing;
    this.#inbox = incoming.inbox;
    this.local = parts.local;
    this.remote = parts.remote;
    this.#incoming = incoming;
    this.#resetAfterMs = parts.resetAfterMs;
    handle.own(this);
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
    const inbox = this.#inbox;
    if (!this.#handle.usable) return this.#handle.unusable();
    if (inbox.reading) return Promise.reject(secondRead());
    if (this.#closed) return Promise.reject(closedError(this.remote.key));
    return inbox.read();
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const handle = this.#handle;
    if (!handle.usable) return handle.unusable();
    if (this.#broken !== undefined && !this.#closed)
      return Promise.reject(this.#broken);
    if (this.#sending === "open") {
      handle.engine.giveOut(bytes);
      return this.#outgoing.write(bytes);
    }
    if (this.#sending === "ended" || this.#closed)
      return Promise.reject(closedError(this.remote.key));
    return Promise.reject(this.#resetError("was ended by the network"));
  }

  end(): void {
    if (!this.#handle.usable || this.#broken !== undefined) return;
    if (this.#sending !== "open") return;
    this.#sending = "ended";
    this.#outgoing.end();
    this.releaseIfDone();
  }

  close(): void {
    if (!this.#handle.usable || this.#closed) return;
    this.end();
    this.#closed = true;
    this.#sending = "ended";
    this.#inbox.discard();
    this.#inbox.close(closedError(this.remote.key));
    this.#outgoing.failSender(closedError(this.remote.key));
    this.releaseIfDone();
  }

  reset(): void {
    if (!this.#handle.usable || this.#broken !== undefined) return;
    this.#tellPeer();
    this.#breakHere(this.#resetError("was reset on this side"));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  onGone(release: () => void): () => void {
    return this.#handle.incarnation.onGone(release);
  }

  inspect(): Inspection {
    const { local, remote } = this;
    const waits: string[] = [];
    if (this.#inbox.reading) waits.push(`bytes from ${remote.key}`);
    if (this.#outgoing.writing) waits.push(`room to write to ${remote.key}`);
    const name = `${local.key} → ${remote.key}`;
    const holding = { kind: "connection", name } as const;
    return { holding: this.#closed ? undefined : holding, waits };
  }

  /** This end's process is dead. Its waits stay unsettled for ever; the other end is told, if anybody can tell it. */
  severed(silently = false): void {
    if (silently) this.#circuit?.vanished(this);
    else this.#tellPeer();
    this.#incoming.forget(this.#handle);
    this.#outgoing.forget(this.#handle);
    this.#circuit?.released(this);
  }

  /** The network broke the connection, here. The other end is not told, unless it sends. */
  breakByNetwork(): void {
    const { engine, incarnation } = this.#handle;
    if (!incarnation.alive || this.#broken !== undefined) return;
    engine.schedule(0, incarnation, EventKind.network, breakNow, this);
  }

  /** The event of that. */
  breakNow(): void {
    this.#breakHere(this.#resetError("was broken by the network"));
  }

  /** The network ends our stream, after what was written. */
  endByNetwork(): void {
    if (this.#sending !== "open" || this.#broken !== undefined) return;
    this.#sending = "stopped";
    this.#outgoing.seal();
    this.releaseIfDone();
  }

  /** Something is held by a partition, this way or that: this end gives up after a while. */
  held(): void {
    this.#waitPatiently()?.held();
  }

  /** It travels on: once nothing is held any more, there is no need to give up. */
  passed(): void {
    this.#patience?.passed();
  }

  /** What this end sends is lost: it gives up after a while, whatever still arrives. */
  lost(): void {
    this.#waitPatiently()?.lost();
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
    if (this.#sending !== "open" && this.#incoming.over) this.#release();
  }

  /** Whoever is broken has given up already. */
  #waitPatiently(): Patience | undefined {
    if (this.#broken !== undefined) return undefined;
    const giveUp = (): void => this.#giveUp();
    const forMs = this.#resetAfterMs;
    return (this.#patience ??= new Patience(this.#handle, forMs, giveUp));
  }

  #tellPeer(): void {
    if (this.#told) return;
    this.#told = true;
    this.#outgoing.break();
  }

  #giveUp(): void {
    this.#tellPeer();
    this.#breakHere(
      this.#resetError("broke: its bytes were not acknowledged for too long"),
    );
  }

  /** Broken by this end: what arrived is gone as well. */
  #breakHere(error: NetworkError): void {
    this.#inbox.close(error);
    this.#break(error);
  }

  #break(error: NetworkError): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    this.#patience?.stop();
    this.#inbox.fail(error);
    this.#outgoing.failSender(error);
    this.#release();
  }

  #release(): void {
    this.#handle.incarnation.belongings.delete(this);
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
