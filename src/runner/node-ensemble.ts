/** Who takes part in a run on real providers. */
import {
  Chronology,
  Draws,
  Fingerprint,
  SharedState,
  SimRandomProvider,
} from "../sim/index.ts";
import { assemble } from "./cast.ts";
import { NodeMember } from "./node-member.ts";
import type { NodeRunnerOptions } from "./node-options.ts";
import type { CurrentPhase } from "./phase.ts";
import type { Plan } from "./plan.ts";
import type { Process, Workload } from "./program.ts";
import { Switchboard } from "./switchboard.ts";
import type { Member, Topology } from "./topology.ts";

/** Somebody, and what that one is to do. */
export interface Acting<T> {
  readonly what: T;
  readonly member: NodeMember;
}

export interface NodeEnsemble {
  readonly processes: readonly Acting<Process>[];
  readonly workloads: readonly Acting<Workload>[];
}

export interface EnsembleParts {
  readonly plan: Plan;
  readonly options: NodeRunnerOptions;
  readonly seed: number;
  readonly phase: Readonly<CurrentPhase>;
  readonly nowMs: () => number;
}

/** Draw the counts and make everybody, each with a world of its own. */
export function assembleNode(parts: EnsembleParts): NodeEnsemble {
  const { plan, seed } = parts;
  const draws = new Draws(seed, new Fingerprint());
  // Nothing is broken on purpose where the providers are real.
  const peaceful = { ...plan, attacks: [] };
  const cast = assemble(peaceful, new SimRandomProvider(draws, "cast"), true);
  const { topology } = cast;
  const make = maker(parts, topology);
  return {
    processes: topology.processes.map((member) => ({
      what: plan.processes.find(({ name }) => name === member.kind) as Process,
      member: make(member),
    })),
    workloads: cast.workloads.map(({ member, workload }) => ({
      what: workload,
      member: make(member),
    })),
  };
}

function maker(
  { options, phase, nowMs }: EnsembleParts,
  topology: Topology,
): (member: Member) => NodeMember {
  const { providers, addresses } = options;
  const everybody = [...topology.processes, ...topology.workloads];
  const switchboard =
    addresses === "own" ? undefined : new Switchboard(everybody);
  const shared = new SharedState(new Chronology(nowMs));
  return (member) =>
    new NodeMember({
      ...{ member, topology, phase, nowMs },
      ...{ providers, switchboard, shared },
    });
}
