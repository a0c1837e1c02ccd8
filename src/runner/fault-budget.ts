/** How much may be lost at once, as the user says who knows what the program promises to survive. */
import { checkOptionNames, SimulationError } from "../sim/index.ts";
import type { Process } from "./program.ts";
import { checkVictims, type Victims } from "./victims.ts";

/**
 * What a process can lose: `process`, its running (it is down, asked to stop, or stands still); `network`, the others
 * (a partition, a cut or a clog is between them); `disk`, what it had stored, or the use of it.
 */
export type FaultLoss = "process" | "network" | "disk";

/** At most `max` of these processes have lost one of these things at any instant. */
export interface FaultBudget {
  /** Whose budget it is: a kind of process, or some kinds and labels. */
  readonly of: string | Victims;
  /** How many may be at a loss at once. 0 keeps all of them from harm. */
  readonly max: number;
  /** Default: all three. Who has lost several of them counts once. */
  readonly losing?: readonly FaultLoss[];
  /**
   * How long a wiped disk counts as lost, in milliseconds: what the program needs to copy everything back. Default:
   * for the rest of the seed, because nobody but the program knows.
   */
  readonly wipedForMs?: number;
}

/** A budget with nothing left to fill in. */
export interface ResolvedFaultBudget {
  readonly of: Victims;
  readonly max: number;
  readonly losing: readonly FaultLoss[];
  readonly wipedForMs: number;
}

const losses: readonly FaultLoss[] = ["process", "network", "disk"];

/** Fill in defaults and refuse nonsense. */
export function resolveFaultBudget(
  given: FaultBudget,
): Readonly<ResolvedFaultBudget> {
  checkOptionNames("a fault budget", given, [
    ...["of", "max", "losing", "wipedForMs"],
  ]);
  const { of, max, losing = losses, wipedForMs = Infinity } = given;
  if (typeof of !== "string" && (typeof of !== "object" || of === null))
    throw bad("of", of);
  if (!(Number.isSafeInteger(max) && max >= 0)) throw bad("max", max);
  const known = Array.isArray(losing) && losing.length > 0;
  if (!known || losing.some((loss) => !losses.includes(loss)))
    throw bad("losing", losing);
  if (!(wipedForMs >= 0)) throw bad("wipedForMs", wipedForMs);
  const victims = typeof of === "string" ? { kinds: [of] } : of;
  return Object.freeze({ of: victims, max, losing, wipedForMs });
}

/** Refuse budgets of nobody. */
export function checkFaultBudgets(
  budgets: readonly ResolvedFaultBudget[],
  processes: readonly Process[],
): void {
  for (const { of } of budgets) checkVictims("a fault budget", of, processes);
}

function bad(option: string, value: unknown): SimulationError<"bad_option"> {
  const message = `fault budget option ${option} cannot be ${JSON.stringify(value)}`;
  return new SimulationError("bad_option", message, { option, value });
}
