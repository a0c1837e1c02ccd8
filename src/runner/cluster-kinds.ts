/** The kinds of processes that stand in a cluster. */
import { checkOptionNames, SimulationError } from "../sim/index.ts";
import type { SimContext } from "./context.ts";
import { checkCount, type Count } from "./count.ts";
import type { ClusterLayout } from "./locality.ts";
import type { Process, Started } from "./program.ts";
import type { TagDimensions } from "./tags.ts";

/** One kind of process that stands on every machine of the cluster. */
export interface ClusterKind {
  /** Default: the layout's. */
  processesPerMachine?: Count;
  /** As in `ProcessOptions`. */
  tags?: TagDimensions;
  start(ctx: SimContext): Started | Promise<Started>;
}

/** The kinds by their names. */
export type ClusterKinds = Readonly<Record<string, ClusterKind>>;

/** What is to stand in the cluster, with the layout's number where a kind has none of its own. */
export function processesOfCluster(
  layout: Readonly<ClusterLayout>,
  kinds: ClusterKinds,
): readonly Process[] {
  const named = Object.entries(kinds);
  if (named.length === 0)
    throw bad("a cluster needs a kind of process that stands in it", kinds);
  return named.map(([name, kind]) => {
    const what = `process "${name}"`;
    const options = ["processesPerMachine", "tags", "start"];
    checkOptionNames(what, kind, options);
    const { processesPerMachine: count = layout.processesPerMachine } = kind;
    checkCount(what, { option: "processesPerMachine", count });
    return { ...kind, name, processesPerMachine: count };
  });
}

/** All kinds share one cluster, so that its machines have one name each. */
export function checkOneCluster(
  present: Readonly<ClusterLayout> | undefined,
  given: Partial<ClusterLayout>,
): void {
  if (present === undefined) return;
  const message =
    "there is a cluster already: name all of its kinds in one call";
  throw bad(message, given);
}

function bad(message: string, value: unknown): SimulationError<"bad_option"> {
  return new SimulationError("bad_option", message, {
    option: "cluster",
    value,
  });
}
