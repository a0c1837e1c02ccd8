/** What a simulated process or workload is given. */
import type {
  NetworkProvider,
  Providers,
  RandomProvider,
  StorageProvider,
  TaskProvider,
  TimeProvider,
} from "../core/index.ts";
import type { Locality } from "./locality.ts";
import type { StateHandle, Timeline, TimelineKey } from "../sim/index.ts";
import {
  checkOperations,
  evenly,
  mixOperations,
  type Alphabets,
  type Operations,
  type OperationTable,
} from "./operations.ts";
import { isChaosOver, type CurrentPhase } from "./phase.ts";
import type { ProcessTags } from "./tags.ts";
import type { Member, Topology } from "./topology.ts";

/**
 * The world as one process or workload sees it. Each life gets its own: after a reboot nothing of the old one works.
 */
export interface SimContext {
  /** `bank-1`, or `transfers`. */
  readonly name: string;
  /** Processes are servers, workloads are clients. */
  readonly role: "server" | "client";
  readonly ip: string;
  /** Its number among its kind, from 0. */
  readonly index: number;
  /** How many there are of its kind. */
  readonly count: number;
  /** Which client this workload is, as `workloads` was told; a process's index. */
  readonly clientId: number;
  /** How many clients there are of the same factory; how many processes of the same kind. */
  readonly clientCount: number;
  readonly topology: Topology;
  /** Everybody else: workloads first, then processes. */
  readonly peers: readonly Member[];
  /** Its labels; those of others are in `topology.tags`. */
  readonly tags: ProcessTags;
  /** Where it stands in the cluster, if it does; where others do is in `topology.machines`. */
  readonly locality: Locality | undefined;
  /** Everything below, in one piece, as application code wants it. */
  readonly providers: Providers;
  readonly network: NetworkProvider;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly storage: StorageProvider;
  /** Fires when it is asked to stop. */
  readonly shutdown: AbortSignal;
  /** Whether it has been asked to stop. */
  readonly stopped: boolean;
  /** True once faults have ended and everything is healed: workloads that go on for ever end here. */
  readonly chaosOver: boolean;
  /** What the parts of this seed share behind the program's back, fresh in each seed: for tests only. */
  readonly state: StateHandle;
  /** The same as `state.timeline(key)`: `ctx.timeline(applied).emit(transfer)`. */
  timeline<T>(key: TimelineKey<T>): Timeline<T>;
  /** The process or workload of that name. Throws for a name that nobody has. */
  peer(name: string): Member;
  /**
   * A table of what this workload does, of which each seed uses some, in proportions of its own: one that never reads
   * finds what one that reads and writes alike does not. At least one operation is always used.
   */
  operations<Table extends OperationTable>(
    table: Table,
  ): Operations<keyof Table & string>;
  /** This machine's address with a port: `10.0.1.1:4500`. */
  address(port: number): string;
}

/** What contexts of one world share. */
export interface ContextParts {
  readonly topology: Topology;
  readonly phase: Readonly<CurrentPhase>;
  /** Decides which operations a seed does without. Default: none. */
  readonly alphabets?: Alphabets;
}

/** One life of a member. */
export interface MemberLife {
  readonly member: Member;
  readonly providers: Providers;
  readonly shutdown: AbortSignal;
  readonly state: StateHandle;
}

export function createContext(
  life: MemberLife,
  parts: ContextParts,
): SimContext {
  const { member, providers, shutdown, state } = life;
  const { network, time, tasks, random, storage } = providers;
  const { topology, phase, alphabets } = parts;
  const { name, ip, index, tags, locality, clientId, clientCount } = member;
  const all = [...topology.processes, ...topology.workloads];
  return {
    ...{ name, ip, index, clientId, clientCount, tags, locality },
    ...{ topology, providers, shutdown, state },
    ...{ network, time, tasks, random, storage },
    role: topology.processes.includes(member) ? "server" : "client",
    count: all.filter((other) => other.kind === member.kind).length,
    get peers(): readonly Member[] {
      return topology.peersOf(ip);
    },
    peer: (other) => topology.member(other),
    get stopped(): boolean {
      return shutdown.aborted;
    },
    get chaosOver(): boolean {
      return isChaosOver(phase);
    },
    timeline: (key) => state.timeline(key),
    operations: (table) => {
      checkOperations(table);
      const names = Object.keys(table);
      const weights = alphabets?.weightsOf(member.kind, names);
      return mixOperations(table, weights ?? evenly(names), random);
    },
    address: (port) => `${ip}:${port}`,
  };
}
