/** The network of a world: machines, links between them, and what is broken at the moment. */
import type { Engine } from "../engine.ts";
import type { FaultLog } from "../fault-log.ts";
import { SimHandle } from "../handle.ts";
import { canonicalIpOf } from "../ip.ts";
import type { Owner } from "../owner.ts";
import { SimTimeProvider } from "../time.ts";
import { Blockades, directionOf, placesOf, type Way } from "./blockades.ts";
import { disabledChaos } from "./chaos-config.ts";
import { Circuit, type CircuitParts } from "./circuit.ts";
import { Hosts } from "./hosts.ts";
import { Link, type Blockage } from "./link.ts";
import { Names } from "./names.ts";
import type { LinkOverride, NetworkConfiguration } from "./network-config.ts";
import { Paces } from "./paces.ts";
import {
  Traffic,
  type LinkFilter,
  type LinkRule,
  type TrafficRecording,
} from "./traffic.ts";
import { breakByChance } from "./random-close.ts";

export interface PartitionOptions {
  /** Heal by itself after this. Default: never. */
  readonly forMs?: number;
}

/** What a circuit is made of, but for what the network adds. */
type Wiring = Pick<CircuitParts, "client" | "server" | "toServer" | "toClient">;

/** Everything between the processes of a world. */
export class SimNetwork {
  readonly engine: Engine;
  readonly faults: FaultLog;
  readonly traffic: Traffic;
  readonly hosts: Hosts = new Hosts();
  readonly names: Names = new Names();
  readonly #time: SimTimeProvider;
  readonly #links = new Map<string, Link>();
  readonly #circuits = new Set<Circuit>();
  readonly #cuts: Blockades;
  readonly #clogs: Blockades;
  readonly #paces: Paces;
  readonly #stormy: Readonly<NetworkConfiguration>;
  #config: Readonly<NetworkConfiguration>;

  constructor(
    engine: Engine,
    config: Readonly<NetworkConfiguration>,
    faults: FaultLog,
  ) {
    this.engine = engine;
    this.#stormy = config;
    this.#config = config;
    this.faults = faults;
    this.traffic = new Traffic(engine);
    this.#time = new SimTimeProvider(new SimHandle(engine, engine.root));
    this.#paces = new Paces(engine, faults, config.links);
    const ground = {
      links: () => this.#links.values(),
      time: this.#time,
      onLift: (why: Blockage, way: Way) =>
        faults.tell(why === "cut" ? "healed" : "unclogged", ...placesOf(way)),
    };
    this.#cuts = new Blockades("cut", ground);
    this.#clogs = new Blockades("clog", ground);
  }

  /** How the network behaves at present. */
  get config(): Readonly<NetworkConfiguration> {
    return this.#config;
  }

  /** The connections that somebody still uses, in the order in which they were made. */
  get circuits(): readonly Circuit[] {
    return [...this.#circuits];
  }

  /** Everything is healed, unclogged and restored, and nothing that chance may break will break any more. */
  calm(): void {
    this.healAll();
    this.traffic.calm();
    this.unclogAll();
    this.#config = Object.freeze({ ...this.#config, ...disabledChaos });
    for (const link of this.#links.values()) {
      link.calm();
      link.setPace(this.#paces.of(link, this.#config));
    }
    for (const circuit of this.#circuits) circuit.calm();
  }

  /** Let chance break things again, as it was told to when the world was made. */
  storm(): void {
    this.#config = this.#stormy;
    for (const link of this.#links.values()) {
      link.storm(this.#config);
      link.setPace(this.#paces.of(link, this.#config));
    }
    for (const circuit of this.#circuits) this.#expose(circuit);
  }

  /** Let a name stand for machines. Whoever connects to it reaches one of them, by chance. */
  name(name: string, ...ips: readonly string[]): void {
    this.names.set(name, ips.map(canonicalIpOf));
  }

  link(from: string, to: string): Link {
    const key = `${from}>${to}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = new Link(this.engine, { from, to }, this.faults);
      link.storm(this.#config);
      link.setPace(this.#paces.of(link, this.#config));
      this.#links.set(key, link);
      this.#cuts.applyTo(link);
      this.#clogs.applyTo(link);
    }
    return link;
  }

  /** Make some links faster or slower than the rest, from now on. What was said last about a link counts. */
  shape(override: LinkOverride): void {
    this.#paces.add(override);
    for (const link of this.#links.values())
      link.setPace(this.#paces.of(link, this.#config));
  }

  /**
   * Let a rule decide about each segment and datagram that is ready to leave, until it is removed or all is calm. Rules
   * that draw take a stream of the world's, `world.random(name)`.
   */
  filter(rule: LinkRule): LinkFilter {
    return this.traffic.filter(rule);
  }

  /** Write down what arrives, from now on. */
  record(): TrafficRecording {
    return this.traffic.record();
  }

  /** Two ends were joined. */
  join(wiring: Wiring): void {
    const { client, server, toServer, toClient } = wiring;
    const circuit = new Circuit({
      client,
      server,
      toServer,
      toClient,
      faults: this.faults,
      schedule: (ms, callback) => this.#time.schedule(ms, callback),
      onOver: (over) => this.#circuits.delete(over),
      isDark: (ip) => this.hosts.at(ip).dark,
    });
    this.#circuits.add(circuit);
    this.#expose(circuit);
  }

  /** Let it break by itself some day, unless it stays on one machine. */
  #expose(circuit: Circuit): void {
    const { local, remote } = circuit.client;
    if (local.ip === remote.ip) return;
    const { chance } = this.link(local.ip, remote.ip);
    breakByChance(circuit, chance, this.#config);
  }

  /** Cut two machines off from each other. What travels between them is held until `heal`, or so long. */
  partition(left: string, right: string, options: PartitionOptions = {}): void {
    if (canonicalIpOf(left) === canonicalIpOf(right)) return;
    const { forMs } = options;
    const forth = this.#cuts.raise({ from: left, to: right }, forMs);
    const back = this.#cuts.raise({ from: right, to: left }, forMs);
    if (forth || back) this.faults.count("partition", left, right);
  }

  /** Undo `partition`, and `cut` of either way between the two. Held bytes travel on. */
  heal(left: string, right: string): void {
    this.#cuts.lift({ from: left, to: right });
    this.#cuts.lift({ from: right, to: left });
  }

  /**
   * Cut one way: from one machine to another, everything from a machine, or everything to it. What travels that way is
   * held, and held for too long it breaks connections.
   */
  cut(way: Way, options: PartitionOptions = {}): void {
    if (this.#cuts.raise(way, options.forMs))
      this.faults.count(`${directionOf(way)} partition`, ...placesOf(way));
  }

  /** Undo `cut`. */
  mend(way: Way): void {
    this.#cuts.lift(way);
  }

  /** Undo every `partition` and every `cut`. */
  healAll(): void {
    this.#cuts.liftAll();
  }

  /** Whether nothing gets from the one to the other. */
  isPartitioned(from: string, to: string): boolean {
    return this.#cuts.isBlocked(from, to);
  }

  /** Hold back everything on a way, for so long or until `unclog`. It only comes late: nothing breaks of it. */
  clog(way: Way, forMs?: number): void {
    if (this.#clogs.raise(way, forMs))
      this.faults.count(`${directionOf(way)} clog`, ...placesOf(way));
  }

  /** Undo `clog`. */
  unclog(way: Way): void {
    this.#clogs.lift(way);
  }

  unclogAll(): void {
    this.#clogs.liftAll();
  }

  /** Whether everything from the one to the other comes late. */
  isClogged(from: string, to: string): boolean {
    return this.#clogs.isBlocked(from, to);
  }

  /** Every way that is cut or clogged at present. */
  get blocked(): readonly Way[] {
    return [...this.#cuts.ways, ...this.#clogs.ways];
  }

  /** A machine has lost its power, or has it back and refuses what it knows nothing of. */
  power(ip: string, on: boolean): void {
    const host = this.hosts.at(ip);
    if (host.dark !== on) return;
    host.dark = !on;
    if (on) for (const circuit of this.#circuits) circuit.answer();
  }

  /** A process died: nothing on the way to it is held any longer. */
  forget(owner: Owner): void {
    for (const link of this.#links.values()) link.forget(owner);
  }
}
