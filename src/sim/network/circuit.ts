/** A connection as those who break it see it: both of its ends, and what is wrong between them. */
import type { Timer } from "../../core/index.ts";
import { named, type ConnectionStateChange } from "../event.ts";
import type { FaultLog } from "../fault-log.ts";
import { ArrivalObserver } from "./arrival-observer.ts";
import type { SimConnection } from "./connection.ts";
import type { Pipe } from "./pipe.ts";

/** Which end of a connection: who dialled, or who accepted. */
export type CircuitEnd = "client" | "server";

/**
 * How a connection breaks by itself. `graceful`: streams end, as if somebody between had closed them. `one_sided`: one
 * direction, or one end, is gone. `abortive`: all of it is.
 */
export type CloseKind = "graceful" | "one_sided" | "abortive";

export interface CloseOptions {
  readonly kind: CloseKind;
  /** Whether ends are told at once. Otherwise they find out when they send, or never. */
  readonly told: boolean;
  /** Which end suffers, when it is one of them. Default `client`. */
  readonly end?: CircuitEnd;
}

export interface CircuitParts {
  readonly client: SimConnection;
  readonly server: SimConnection;
  readonly toServer: Pipe;
  readonly toClient: Pipe;
  readonly faults: FaultLog;
  /** A clock that never dies. */
  readonly schedule: (ms: number, callback: () => void) => Timer;
  readonly onOver: (circuit: Circuit) => void;
  /** Whether the machine at that address is without power. */
  readonly isDark: (ip: string) => boolean;
}

/** What can be done to one connection. Nothing of it has an effect on a stable one. */
export class Circuit {
  readonly client: SimConnection;
  readonly server: SimConnection;
  readonly #parts: CircuitParts;
  readonly #ends: Set<SimConnection>;
  readonly #timers = new Set<Timer>();
  /** `failing`: one end at least does not know yet, and may never. `ending`: both are told. */
  #condition: "well" | "cut" | "failing" | "ending" = "well";
  #stable = false;
  /** Whether an end may wait for what a flipped bit promised. */
  #corrupt = false;
  /** The end whose machine lost its power, and whether it was sent something since. */
  #gone: SimConnection | undefined;
  #unanswered = false;
  /** When it is going to break by itself. */
  #fate: Timer | undefined;

  constructor(parts: CircuitParts) {
    const { client, server, toServer, toClient } = parts;
    this.#parts = parts;
    this.client = client;
    this.server = server;
    this.#ends = new Set([client, server]);
    client.joinTo(this);
    server.joinTo(this);
    toClient.observe(new ArrivalObserver(client, server));
    toServer.observe(new ArrivalObserver(server, client));
  }

  /** Whether one of the ends may still use it. */
  get open(): boolean {
    return this.#ends.size > 0;
  }

  get isCut(): boolean {
    return this.#condition === "cut";
  }

  get stable(): boolean {
    return this.#stable;
  }

  /**
   * Spare this connection every fault that strikes connections one by one, for good; what happens to links and machines
   * it shares. For connections that a test relies on. After FoundationDB's stable connections.
   */
  markStable(): void {
    this.restore();
    this.#stable = true;
    this.#parts.toServer.mishaps.markStable();
    this.#parts.toClient.mishaps.markStable();
  }

  /** Hold everything, both ways, for so long or until `restore`. Held for too long, it breaks as in a partition. */
  cut(forMs?: number): boolean {
    if (!this.#mayFail()) return false;
    this.#condition = "cut";
    this.#parts.toServer.cut();
    this.#parts.toClient.cut();
    this.#parts.faults.count("connection cut", ...this.#places);
    if (forMs !== undefined)
      this.#after(forMs, "cut_restored", () => this.restore());
    return true;
  }

  /** Undo `cut`. What was held arrives. */
  restore(): void {
    if (this.#condition !== "cut") return;
    this.#condition = "well";
    this.#parts.toServer.restore();
    this.#parts.toClient.restore();
    this.#parts.faults.tell("connection restored", ...this.#places);
  }

  /**
   * One end is gone, and the other hears neither an end nor a reset: its reads wait, its writes vanish. After
   * `resetAfterMs` it is reset; without, never.
   */
  crashPeer(gone: CircuitEnd, resetAfterMs?: number): boolean {
    if (!this.#mayFail()) return false;
    const survivor = gone === "client" ? this.server : this.client;
    this.#fail("peer crash");
    this.#parts.toServer.lose(true);
    this.#parts.toClient.lose(true);
    this[gone].breakByNetwork();
    if (resetAfterMs !== undefined)
      this.#after(resetAfterMs, "peer_crash_noticed", () =>
        survivor.breakByNetwork(),
      );
    return true;
  }

  /**
   * The machine of one end has lost its power. Nobody tells the other end, which gives up once it has sent something;
   * or is reset, when it does so after the machine is back and knows nothing of it. What was under way arrives.
   */
  vanished(gone: SimConnection): void {
    this.restore();
    this.#condition = "failing";
    this.#gone = gone;
    const survivor = gone === this.client ? this.server : this.client;
    const lost = this.#outgoingOf(survivor);
    const unanswered = lost.busy;
    lost.lose();
    if (unanswered) this.lost(survivor);
  }

  /** One end has sent what arrives nowhere. */
  lost(sender: SimConnection): void {
    sender.lost();
    this.#unanswered = true;
    this.answer();
  }

  /** A machine that knows nothing of the connection says so to who sends to it, if it has power. */
  answer(): void {
    if (this.#gone === undefined || !this.#unanswered) return;
    if (this.#parts.isDark(this.#gone.local.ip)) return;
    this.#outgoingOf(this.#gone).break();
    this.#unanswered = false;
  }

  /** Break it, one way or the other. */
  close({ kind, told, end = "client" }: CloseOptions): boolean {
    if (!this.#mayFail()) return false;
    const fault = `${told ? "explicit" : "silent"} ${kind.replace("_", "-")} close`;
    this.#fail(fault, told && kind !== "one_sided" ? "ending" : "failing");
    const near = this[end];
    const far = end === "client" ? this.server : this.client;
    if (kind === "graceful") this.#closeGracefully(near, far, told);
    else if (told) {
      near.breakByNetwork();
      if (kind === "abortive") far.breakByNetwork();
    } else {
      this.#outgoingOf(near).lose();
      if (kind === "abortive") this.#outgoingOf(far).lose();
    }
    return true;
  }

  /** Whatever chance did to it is over: what was cut is restored, and what could never recover breaks visibly. */
  calm(): void {
    this.#fate?.cancel();
    this.restore();
    if (this.#condition !== "failing" && !this.#corrupt) return;
    for (const end of [...this.#ends]) end.breakByNetwork();
  }

  /** Break it after a while, in a way that is drawn then, unless it is over or all is calm by then. */
  breakLater(ms: number, draw: () => CloseOptions): void {
    this.#fate = this.#after(ms, "random_close", () => void this.close(draw()));
  }

  /** Bits of it were flipped. */
  corrupted(): void {
    this.#corrupt = true;
  }

  /** One of the ends is done with it. */
  released(end: SimConnection): void {
    this.#ends.delete(end);
    if (this.open) return;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#parts.onOver(this);
  }

  #mayFail(): boolean {
    const whole = this.#condition === "well" || this.#condition === "cut";
    return this.open && !this.#stable && whole;
  }

  /** For reports: between whom. */
  get #places(): [client: string, server: string] {
    return [this.client.local.ip, this.server.local.ip];
  }

  #fail(fault: string, condition: "failing" | "ending" = "failing"): void {
    this.restore();
    this.#condition = condition;
    this.#parts.faults.count(fault, ...this.#places);
  }

  #closeGracefully(
    near: SimConnection,
    far: SimConnection,
    told: boolean,
  ): void {
    far.endByNetwork();
    if (told) near.endByNetwork();
    else this.#outgoingOf(near).lose();
  }

  #outgoingOf(end: SimConnection): Pipe {
    return end === this.client ? this.#parts.toServer : this.#parts.toClient;
  }

  #after(
    ms: number,
    operation: ConnectionStateChange,
    callback: () => void,
  ): Timer {
    const happen = named<void>({ kind: "connection", operation }, () => {
      this.#timers.delete(timer);
      callback();
    });
    const timer = this.#parts.schedule(ms, happen);
    this.#timers.add(timer);
    return timer;
  }
}
