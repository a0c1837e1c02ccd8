/** Who takes part in one seed: the plan's counts and factories made real. */
import type { RandomProvider } from "../core/index.ts";
import { drawCount } from "./count.ts";
import { layOut, type Locality } from "./locality.ts";
import type { Plan } from "./plan.ts";
import type { Process, Workload } from "./program.ts";
import { noTags, tagsOf } from "./tags.ts";
import { placeKind, Topology, workloadIp, type Member } from "./topology.ts";

export interface Cast {
  readonly topology: Topology;
  readonly workloads: readonly {
    readonly member: Member;
    readonly workload: Workload;
  }[];
}

/** Draw the counts, place everybody, and make fresh workloads. */
export function assemble(plan: Plan, random: RandomProvider): Cast {
  const processes = placeProcesses(plan, random);
  const workloads = plan.workloads.map((factory, index) => factory(index));
  const members = placeWorkloads(workloads);
  return {
    topology: new Topology(processes, members),
    workloads: workloads.map((workload, index) => ({
      workload,
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

/** Workloads of one name are numbered in the order in which they were added. */
function placeWorkloads(workloads: readonly Workload[]): Member[] {
  const seen = new Map<string, number>();
  return workloads.map(({ name }, index) => {
    const number = seen.get(name) ?? 0;
    seen.set(name, number + 1);
    const alone = workloads.filter((other) => other.name === name).length === 1;
    return {
      name: alone ? name : `${name}-${number}`,
      kind: name,
      ip: workloadIp(index),
      index: number,
      tags: noTags,
      locality: undefined,
    };
  });
}
