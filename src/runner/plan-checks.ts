/** What a plan can only be refused for as a whole, when everything that belongs to it is known. */
import { SimulationError } from "../sim/index.ts";
import { resolveAttrition, type Attrition } from "./attrition.ts";
import { leastOf } from "./count.ts";
import { checkFaultBudgets } from "./fault-budget.ts";
import { checkRequiredFaults } from "./fault-names.ts";
import { defaultClusterLayout } from "./locality.ts";
import type { Plan } from "./plan.ts";
import type { Process } from "./program.ts";
import { checkVictims } from "./victims.ts";

/** Refuse plans whose parts contradict each other, before anything starts. */
export function checkPlan(plan: Plan): void {
  checkNotEmpty(plan);
  const { attrition } = plan.chaos;
  checkRequiredFaults(plan);
  checkFaultBudgets(plan.budgets, plan.processes);
  if (attrition) checkAttrition(plan, resolveAttrition(attrition));
}

function checkNotEmpty({ name, processes, workloads }: Plan): void {
  if (processes.length + workloads.length > 0) return;
  const message = `"${name}" has no processes and no workloads: a run of nothing could not fail`;
  throw new SimulationError("bad_option", message, {
    option: "workloads",
    value: [],
  });
}

/** Attrition that can never strike would be a test of nothing. */
function checkAttrition(plan: Plan, attrition: Readonly<Attrition>): void {
  const { maxDead, scope } = attrition;
  checkVictims("attrition", attrition.victims, plan.processes);
  const least = leastGroup(plan, attrition);
  if (maxDead === 0 || plan.processes.length === 0 || maxDead >= least) return;
  const group = scope.replace("_", " ");
  const message =
    least === Infinity
      ? `attrition spares every ${group}, because on each there is a kind that is none of its victims`
      : `attrition takes a whole ${group} down, which is ${least} processes or more, so maxDead ${maxDead} never lets it: raise maxDead`;
  throw new SimulationError("bad_option", message, {
    option: least === Infinity ? "victims" : "maxDead",
    value: least === Infinity ? attrition.victims : maxDead,
  });
}

/** How many processes fall together at least; without limit when none ever do. */
function leastGroup(
  { cluster = defaultClusterLayout, processes }: Plan,
  { scope, victims: { kinds } }: Readonly<Attrition>,
): number {
  const mayDie = ({ name }: Process): boolean => kinds?.includes(name) ?? true;
  const outside = processes.filter((kind) => !kind.processesPerMachine);
  if (scope === "process" || outside.some(mayDie)) return 1;
  const inside = processes.filter((kind) => kind.processesPerMachine);
  if (!inside.every(mayDie)) return Infinity;
  const machine = inside.reduce(
    (sum, { processesPerMachine = 1 }) => sum + leastOf(processesPerMachine),
    0,
  );
  const zone = machine * leastOf(cluster.machinesPerZone);
  const dataCentre = zone * leastOf(cluster.zonesPerDataCentre);
  return { machine, zone, data_centre: dataCentre }[scope];
}
