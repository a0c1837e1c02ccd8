/** The network of a world: machines, links between them, and what is broken at the moment. */
import type { NetworkAddress } from "../../core/index.ts";
import type { Engine } from "../engine.ts";
import type { FaultLog } from "../fault-log.ts";
import { canonicalIpOf } from "../ip.ts";
import type { Owner } from "../owner.ts";
import { Link } from "./link.ts";
import type { SimListener } from "./listener.ts";
import type { NetworkConfiguration } from "./network-config.ts";

const firstEphemeralPort = 40_000;
const lastPort = 65_535;

/** The network as it stands on one machine. It outlives the machine's processes. */
export interface NetworkHost {
  readonly listeners: Map<number, SimListener>;
  nextPort: number;
}

/** Everything between the processes of a world. */
export class SimNetwork {
  readonly engine: Engine;
  readonly #faults: FaultLog;
  readonly #hosts = new Map<string, NetworkHost>();
  readonly #links = new Map<string, Link>();
  readonly #partitions = new Set<string>();
  #config: Readonly<NetworkConfiguration>;

  constructor(engine: Engine, config: Readonly<NetworkConfiguration>, faults: FaultLog) {
    this.engine = engine;
    this.#config = config;
    this.#faults = faults;
  }

  /** How the network behaves at present. */
  get config(): Readonly<NetworkConfiguration> {
    return this.#config;
  }

  /** Everything is healed, and nothing that chance may break will break any more. */
  calm(): void {
    this.healAll();
    this.#config = Object.freeze({ ...this.#config, refuseProbability: 0 });
  }

  /** The machine at that address, which exists from the first time somebody names it. */
  host(ip: string): NetworkHost {
    let host = this.#hosts.get(ip);
    if (host === undefined) {
      host = { listeners: new Map(), nextPort: firstEphemeralPort };
      this.#hosts.set(ip, host);
    }
    return host;
  }

  /** Who listens there, on that address or on all of the machine's. */
  listenerAt(address: NetworkAddress): SimListener | undefined {
    return this.host(address.ip).listeners.get(address.port);
  }

  /** A port that no listener has. Round robin, so that a port is not soon used again. */
  ephemeralPort(ip: string): number {
    const host = this.host(ip);
    for (;;) {
      const port = host.nextPort;
      host.nextPort = port === lastPort ? firstEphemeralPort : port + 1;
      if (!host.listeners.has(port)) return port;
    }
  }

  link(from: string, to: string): Link {
    const key = `${from}>${to}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = new Link(this.engine, { from, to }, this.config.latencyMs);
      this.#links.set(key, link);
    }
    return link;
  }

  /** Cut two machines off from each other. What travels between them is held until `heal`. */
  partition(left: string, right: string): void {
    const [one, other] = pairOf(left, right);
    if (one === other || this.isPartitioned(one, other)) return;
    this.#partitions.add(`${one}|${other}`);
    this.link(one, other).block();
    this.link(other, one).block();
    this.#faults.count("partition");
  }

  /** Undo `partition`. Held bytes travel on. */
  heal(left: string, right: string): void {
    const [one, other] = pairOf(left, right);
    if (!this.#partitions.delete(`${one}|${other}`)) return;
    this.link(one, other).open();
    this.link(other, one).open();
  }

  healAll(): void {
    for (const key of [...this.#partitions]) {
      const [one, other] = key.split("|") as [string, string];
      this.heal(one, other);
    }
  }

  isPartitioned(left: string, right: string): boolean {
    const [one, other] = pairOf(left, right);
    return this.#partitions.has(`${one}|${other}`);
  }

  /** A process died: nothing on the way to it is held any longer. */
  forget(owner: Owner): void {
    for (const link of this.#links.values()) link.forget(owner);
  }
}

/** The two addresses in canonical spelling, in an order that does not depend on who is named first. */
function pairOf(left: string, right: string): [one: string, other: string] {
  const [one, other] = [canonicalIpOf(left), canonicalIpOf(right)];
  return one < other ? [one, other] : [other, one];
}
