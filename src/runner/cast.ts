/** Who takes part in one seed: the plan's counts and factories made real. */
import type { RandomProvider } from "../core/index.ts";
import type { Plan } from "./plan.ts";
import type { Count, Workload } from "./program.ts";
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
  const processes: Member[] = [];
  for (const { name, count = 1 } of plan.processes) {
    processes.push(
      ...placeKind(name, drawCount(random, count), processes.length),
    );
  }
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

function drawCount(random: RandomProvider, count: Count): number {
  return typeof count === "number"
    ? count
    : random.range(count[0], count[1] + 1);
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
    };
  });
}
