/** Who is where in a simulated world. */
import { SimulationError } from "../sim/index.ts";
import { MachineRegistry, type Locality } from "./locality.ts";
import { numberedName } from "./names.ts";
import { TagRegistry, type ProcessTags } from "./tags.ts";

/** One process or workload, as everybody knows it. */
export interface Member {
  /** `bank-1`; the name of its kind alone if there is only one of it, which then answers to `bank-0` as well. */
  readonly name: string;
  readonly kind: string;
  readonly ip: string;
  /** Among its kind, from 0. */
  readonly index: number;
  /** Empty for workloads, and for processes that were given none. */
  readonly tags: ProcessTags;
  /** Where a process of the cluster stands; nowhere in particular otherwise. */
  readonly locality: Locality | undefined;
  /** Its number as a client: what `workloads` was told. For a process, its index. */
  readonly clientId: number;
  /** How many clients were made together with it, itself included. For a process, how many there are of its kind. */
  readonly clientCount: number;
}

/** All processes and workloads of a world, in order. */
export class Topology {
  readonly processes: readonly Member[];
  readonly workloads: readonly Member[];
  /** The labels of all processes. */
  readonly tags: TagRegistry;
  /** Machines, zones and data centres, and who is in them. */
  readonly machines: MachineRegistry;

  constructor(processes: readonly Member[], workloads: readonly Member[]) {
    this.processes = processes;
    this.workloads = workloads;
    this.tags = new TagRegistry(processes.map(({ ip, tags }) => [ip, tags]));
    this.machines = new MachineRegistry(processes);
  }

  /** Everybody but the one at that address: workloads first, then processes. */
  peersOf(ip: string): Member[] {
    return [...this.workloads, ...this.processes].filter(
      (member) => member.ip !== ip,
    );
  }

  /** The member of that name; `bank-0` is the only bank, too. Throws for a name that nobody has. */
  member(name: string): Member {
    const everybody = [...this.workloads, ...this.processes];
    const found =
      everybody.find((member) => member.name === name) ??
      everybody.find((member) => numberedName(member) === name);
    if (found !== undefined) return found;
    const known = everybody.map((member) => member.name).join(", ");
    throw new SimulationError(
      "bad_option",
      `there is no member "${name}" here, only ${known}`,
      { option: "member name", value: name },
    );
  }

  /** The addresses of all processes, in order. */
  get processIps(): string[] {
    return this.processes.map(({ ip }) => ip);
  }

  /** The addresses of all processes of a kind. Throws for a kind that does not exist. */
  ips(kind: string): string[] {
    const found = this.processes.filter((member) => member.kind === kind);
    if (found.length > 0) return found.map((member) => member.ip);
    const known = [...new Set(this.processes.map((member) => member.kind))];
    throw new SimulationError(
      "bad_option",
      `there is no process "${kind}" here, only ${known.join(", ") || "none"}`,
      { option: "process kind", value: kind },
    );
  }

  /** Who lives at that address. */
  memberAt(ip: string): Member | undefined {
    const isThere = (member: Member): boolean => member.ip === ip;
    return this.processes.find(isThere) ?? this.workloads.find(isThere);
  }

  /** `ip:port` of all processes of a kind. */
  addresses(kind: string, port: number): string[] {
    return this.ips(kind).map((ip) => `${ip}:${port}`);
  }
}

const hostsPerNetwork = 254;

/** Processes live at 10.0.1.1, 10.0.1.2, …; workloads at 10.1.0.1, 10.1.0.2, … */
export function processIp(index: number): string {
  return `10.0.${1 + Math.floor(index / hostsPerNetwork)}.${1 + (index % hostsPerNetwork)}`;
}

export function workloadIp(index: number): string {
  return `10.1.${Math.floor(index / hostsPerNetwork)}.${1 + (index % hostsPerNetwork)}`;
}

/** How a kind is placed: how many, behind whom, and what makes one differ from the next. */
export interface Placing {
  readonly kind: string;
  readonly count: number;
  /** Processes of other kinds that have their places already. */
  readonly placedBefore: number;
  readonly tags: (index: number) => ProcessTags;
  readonly locality: (index: number) => Locality | undefined;
}

/** Processes of one kind, placed one after another behind those that were placed before. */
export function placeKind(placing: Placing): Member[] {
  const { kind, count, placedBefore } = placing;
  return Array.from({ length: count }, (_, index) => ({
    name: count === 1 ? kind : `${kind}-${index}`,
    kind,
    ip: processIp(placedBefore + index),
    index,
    tags: placing.tags(index),
    locality: placing.locality(index),
    clientId: index,
    clientCount: count,
  }));
}
