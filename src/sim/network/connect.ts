/** The handshake: from `connect` to two joined ends, or to an error. */
import {
  NetworkError,
  onAbort,
  type Connection,
  type NetworkAddress,
} from "../../core/index.ts";
import { named } from "../event.ts";
import type { EventHandle } from "../event-queue.ts";
import type { SimHandle } from "../handle.ts";
import type { Belonging } from "../incarnation.ts";
import type { Inspection } from "../inventory.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import type { SimConnection } from "./connection.ts";
import { joinEnds } from "./join-ends.ts";
import { sampleDuration } from "./latency.ts";
import type { SimListener } from "./listener.ts";
import type { SimNetwork } from "./sim-network.ts";

export interface AttemptParts {
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * idle ──trip──▶ at the server ──trip──▶ connected | refused
 *   any of them ──abort, time-out, death──▶ over; a server end that was made by then is reset
 */
export class ConnectAttempt implements Belonging {
  readonly #network: SimNetwork;
  readonly #handle: SimHandle;
  readonly #local: NetworkAddress;
  readonly #remote: NetworkAddress;
  #settle:
    | {
        resolve: (connection: Connection) => void;
        reject: (error: unknown) => void;
      }
    | undefined;
  #client: SimConnection | undefined;
  #unsubscribe: () => void = nothing;
  #timeout: EventHandle | undefined;
  #over = false;

  constructor(network: SimNetwork, handle: SimHandle, attempt: AttemptParts) {
    this.#network = network;
    this.#handle = handle;
    this.#local = attempt.local;
    this.#remote = attempt.remote;
    this.#settle = attempt;
  }

  begin(signal: AbortSignal | undefined): void {
    const { engine, incarnation } = this.#handle;
    const { connectMs, connectTimeoutMs } = this.#network.config;
    this.#handle.own(this);
    this.#timeout = engine.schedule(
      toMicros(connectTimeoutMs),
      incarnation,
      EventKind.network,
      giveUp,
      this,
    );
    this.#unsubscribe = onAbort(signal, (reason) => this.#fail(reason));
    const extraMs =
      connectMs[0] +
      engine.stream(`connect ${incarnation.ip}`).ratio() *
        (connectMs[1] - connectMs[0]);
    this.#forth.carry(
      engine.root,
      arriveAtServer,
      this,
      engine.nowMicros + toMicros(extraMs),
    );
  }

  get #forth(): ReturnType<SimNetwork["link"]> {
    return this.#network.link(this.#local.ip, this.#remote.ip);
  }

  get #back(): ReturnType<SimNetwork["link"]> {
    return this.#network.link(this.#remote.ip, this.#local.ip);
  }

  /** The event of the request arriving at the machine that was dialled. */
  arriveAtServer(): void {
    const { engine, incarnation } = this.#handle;
    if (this.#forth.blocked) {
      this.#forth.hold(engine.root, arriveAtServer, this);
      return;
    }
    if (this.#over || this.#network.hosts.at(this.#remote.ip).dark) return;
    const listener = this.#network.hosts.listenerAt(this.#remote);
    if (listener !== undefined && !this.#fullAt(listener)) {
      const fate = this.#drawFate();
      if (fate === "hang") return;
      if (fate === "connect") this.#makeEnds(listener);
    }
    this.#back.carry(incarnation, arriveAtClient, this);
  }

  /** The event of the answer arriving back. */
  arriveAtClient(): void {
    if (this.#back.blocked) {
      this.#back.hold(this.#handle.incarnation, arriveAtClient, this);
      return;
    }
    if (this.#over) return;
    if (this.#client === undefined) {
      const address = this.#remote.key;
      this.#fail(
        new NetworkError(
          "refused",
          `nobody accepts connections at ${address}`,
          { address },
        ),
      );
      return;
    }
    this.#finish();
    this.#settle?.resolve(this.#client);
  }

  giveUp(): void {
    const address = this.#remote.key;
    this.#fail(
      new NetworkError("timed_out", `no answer from ${address}`, { address }),
    );
  }

  inspect(): Inspection {
    const waits = [`an answer to its connect to ${this.#remote.key}`];
    return { holding: undefined, waits };
  }

  /** The dialling process is dead. A partition may hold this attempt for long, so it lets go of who waited. */
  severed(silently = false): void {
    this.#over = true;
    this.#settle = undefined;
    this.#unsubscribe = nothing;
    this.#client?.severed(silently);
  }

  #fullAt(listener: SimListener): boolean {
    return listener.waiting >= this.#network.config.backlogMax;
  }

  /** Whether somebody who listens answers all the same. One draw decides. */
  #drawFate(): "connect" | "refuse" | "hang" {
    const { config, faults } = this.#network;
    const { connectFailureMode, refuseProbability, hangProbability } = config;
    if (connectFailureMode === "disabled") return "connect";
    const always = connectFailureMode === "always_fail";
    if (!always && refuseProbability + hangProbability === 0) return "connect";
    const { engine } = this.#handle;
    const ratio = always
      ? -1
      : engine.stream(`connect ${this.#local.ip}`).ratio();
    if (ratio >= refuseProbability + hangProbability) return "connect";
    const fate = ratio < refuseProbability ? "refuse" : "hang";
    const fault = fate === "refuse" ? "refused connect" : "hung connect";
    faults.count(fault, this.#local.ip, this.#remote.ip);
    return fate;
  }

  #makeEnds(listener: SimListener): void {
    const { client, server } = joinEnds(this.#network, {
      near: this.#handle,
      far: listener.handle,
      local: this.#local,
      remote: this.#remote,
    });
    this.#client = client;
    const { origins } = this.#handle.engine;
    origins?.keep(client, origins.of(this));
    listener.arrived(server, this.#drawAcceptMs());
  }

  #drawAcceptMs(): number {
    const { acceptMs } = this.#network.config;
    if (acceptMs[1] === 0) return 0;
    const { engine } = this.#handle;
    return sampleDuration(engine.stream(`accept ${this.#remote.ip}`), acceptMs);
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#finish();
    this.#client?.reset();
    this.#settle?.reject(error);
  }

  #finish(): void {
    this.#over = true;
    this.#unsubscribe();
    if (this.#timeout !== undefined) this.#handle.engine.cancel(this.#timeout);
    this.#handle.incarnation.belongings.delete(this);
  }
}

const arriveAtServer = named<ConnectAttempt>(
  { kind: "connection", operation: "request_arrived" },
  (attempt) => attempt.arriveAtServer(),
);
const arriveAtClient = named<ConnectAttempt>(
  { kind: "connection", operation: "answer_arrived" },
  (attempt) => attempt.arriveAtClient(),
);
const giveUp = named<ConnectAttempt>(
  { kind: "connection", operation: "connect_timed_out" },
  (attempt) => attempt.giveUp(),
);

function nothing(): void {
  // No signal was given.
}
