/** Who takes part in one seed: the plan's counts and factories made real. */
import type { RandomProvider } from "../core/index.ts";
import {
  asWorkload,
  drawAttacks,
  drawUninvited,
  type AttackWorkload,
} from "./attack.ts";
import { drawClientIds } from "./clients.ts";
import { drawCount } from "./count.ts";
import { layOut, type Locality } from "./locality.ts";
import type { Plan, WorkloadEntry } from "./plan.ts";
import type { Process, Workload } from "./program.ts";
import { readyAttacks } from "./ready-attacks.ts";
import { noTags, tagsOf } from "./tags.ts";
import { placeKind, Topology, workloadIp, type Member } from "./topology.ts";

export interface Cast {
  readonly topology: Topology;
  readonly workloads: readonly Actor[];
}

/** A client of the system, which tests it or attacks it. */
export interface Actor {
  readonly member: Member;
  readonly workload: Workload;
  /** What it does in its `run` instead, if it is an attack. */
  readonly attack: AttackWorkload | undefined;
}

/**
 * Draw the counts, place everybody, and make fresh workloads.
 *
 * @param isCalm nobody who was not asked for attacks
 */
export function assemble(
  plan: Plan,
  random: RandomProvider,
  isCalm: boolean,
): Cast {
  const processes = placeProcesses(plan, random);
  const clients = [
    ...plan.workloads.flatMap((entry) => makeClients(entry, random)),
    ...attacksOf(plan, random, isCalm).map(attacking),
  ];
  const members = placeClients(clients);
  return {
    topology: new Topology(processes, members),
    workloads: clients.map(({ workload, attack }, index) => ({
      ...{ workload, attack },
      member: members[index] as Member,
    })),
  };
}

function placeProcesses(plan: Plan, random: RandomProvider): Member[] {
  const machines =
    plan.cluster === undefined ? [] : layOut(plan.cluster, random);
  const placed: Member[] = [];
  for (const process of plan.processes)
    placed.push(...placeProcess(process, { machines, random, placed }));
  return placed;
}

/** The cluster's machines are filled one after the other; other processes stand by themselves. */
function placeProcess(
  { name, count = 1, processesPerMachine, tags = {} }: Process,
  among: {
    readonly machines: readonly Locality[];
    readonly random: RandomProvider;
    readonly placed: readonly Member[];
  },
): Member[] {
  const { machines, random, placed } = among;
  const each = drawCount(random, processesPerMachine ?? count);
  const clustered = processesPerMachine !== undefined;
  return placeKind({
    kind: name,
    count: clustered ? each * machines.length : each,
    placedBefore: placed.length,
    tags: (index) => tagsOf(tags, index),
    locality: (index) =>
      clustered ? machines[Math.floor(index / each)] : undefined,
  });
}

/** One workload, and which client it is. */
interface Client {
  readonly workload: Workload;
  readonly attack?: AttackWorkload;
  readonly clientId: number;
  readonly clientCount: number;
}

function makeClients(entry: WorkloadEntry, random: RandomProvider): Client[] {
  const clientCount = drawCount(random, entry.count);
  const ids = drawClientIds(random, entry.clientId, clientCount);
  return ids.map((clientId, index) => ({
    workload: entry.factory(index),
    ...{ clientId, clientCount },
  }));
}

function attacksOf(
  { attacks, chaos }: Plan,
  random: RandomProvider,
  isCalm: boolean,
): AttackWorkload[] {
  const invited = drawAttacks(random, attacks);
  if (chaos.attacks !== true || isCalm) return invited;
  const uninvited = drawUninvited(random, readyAttacks, invited.length);
  return [...invited, ...uninvited];
}

function attacking(attack: AttackWorkload): Client {
  const workload = asWorkload(attack);
  return { workload, attack, clientId: 0, clientCount: 1 };
}

/** Workloads of one name are numbered in the order in which they were added. */
function placeClients(clients: readonly Client[]): Member[] {
  const seen = new Map<string, number>();
  return clients.map(({ workload: { name }, clientId, clientCount }, at) => {
    const index = seen.get(name) ?? 0;
    seen.set(name, index + 1);
    const alone =
      clients.filter(({ workload }) => workload.name === name).length === 1;
    return {
      name: alone ? name : `${name}-${index}`,
      ...{ kind: name, ip: workloadIp(at), index, clientId, clientCount },
      ...{ tags: noTags, locality: undefined },
    };
  });
}
