/** One of several equivalent servers. */
import { refuseUnknownOptions } from "../../base/known-options.ts";
import {
  Endpoint,
  type RemoteAddress,
  toRemoteAddress,
} from "../../core/index.ts";
import type { FailureMonitor, PeerError } from "../../transport/index.ts";
import type { Metadata } from "../metadata.ts";
import type { BalanceConfig } from "./balance-config.ts";
import { EndpointLoad } from "./endpoint-load.ts";
import { checkLocality, distance, type EndpointLocality } from "./locality.ts";
import { notePenalty } from "./penalty.ts";

/** Where a server is: an address, or an `Endpoint` for an instance with a token of its own. */
export type ServerAddress = string | RemoteAddress | Endpoint;

/** A server of a pool, with where it stands if that is known. */
export type PoolAddress =
  | ServerAddress
  | {
      readonly to: ServerAddress;
      readonly locality?: EndpointLocality | undefined;
    };

/** Whether a server can be asked: it is fit, wants to be left alone for a while, is out of reach, or gone for good. */
export type Fitness = "fit" | "suspended" | "failed" | "gone";

/** Whom calls may be made of, and what is known of it. */
export class PoolMember {
  /** What a client is made for. */
  readonly to: RemoteAddress | Endpoint;
  readonly address: RemoteAddress;
  /** The same for the same server, and for no other. */
  readonly key: string;
  readonly load: EndpointLoad;
  /** See `distance`; less is nearer. */
  distance: number;
  readonly #monitor: FailureMonitor;
  /** Listens to what comes with replies of this server. */
  readonly note: (metadata: Metadata) => void;

  constructor(
    given: PoolAddress,
    config: Readonly<BalanceConfig>,
    monitor: FailureMonitor,
  ) {
    const { to, locality } = parts(given);
    this.to = to instanceof Endpoint ? to : toRemoteAddress(to);
    this.address = this.to instanceof Endpoint ? this.to.address : this.to;
    this.key =
      this.to instanceof Endpoint
        ? `${this.address.url}/${this.to.token.toString()}`
        : this.address.url;
    this.distance = distance(config.locality, locality);
    this.load = new EndpointLoad(config);
    this.#monitor = monitor;
    this.note = (metadata) => notePenalty(this.load, metadata);
  }

  fitness(nowMs: number): Fitness {
    switch (this.#monitor.reason(this.to)) {
      case undefined:
        return this.load.suspendedForMs(nowMs) > 0 ? "suspended" : "fit";
      case "not_found":
        return "gone";
      case "connect_failed":
      case "connection_lost":
        return "failed";
    }
  }

  /** Why there is no connection, where one could not be made or broke. */
  get trouble(): PeerError | undefined {
    return this.#monitor.trouble(this.to);
  }

  /** Be told of news, and have the server tried meanwhile. Returns the way to stop. */
  watch(listener: () => void): () => void {
    return this.#monitor.watch(this.to, listener);
  }

  /** Have a server tried that cannot be reached, without waiting for it: else nobody would learn that it is back. */
  nudge(): void {
    this.watch(ignore)();
  }
}

function parts(given: PoolAddress): {
  readonly to: ServerAddress;
  readonly locality?: EndpointLocality | undefined;
} {
  if (typeof given !== "object" || given === null || !("to" in given))
    return { to: given };
  refuseUnknownOptions("a server of a pool", given, ["to", "locality"]);
  checkLocality(given.locality);
  return given;
}

function ignore(): void {
  // Whoever looks next will see.
}
