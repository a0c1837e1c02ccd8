/** Workloads that break things: clients with the hands of a fault injector, as FoundationDB's attack workloads are. */
import type { RandomProvider } from "../core/index.ts";
import { checkOptionNames, SimulationError } from "../sim/index.ts";
import { checkFunction } from "./builder-checks.ts";
import type { SimContext } from "./context.ts";
import type { FaultContext } from "./faults.ts";
import type { Workload } from "./program.ts";

/**
 * Breaks things on purpose, from a machine of its own: it can be a client of what it breaks. It does not keep a seed
 * going, and ends when chaos does.
 */
export interface AttackWorkload {
  readonly name: string;
  /** Before any fault. */
  setup?(ctx: SimContext): Promise<void>;
  /** Goes on until `faults.chaosShutdown` fires. A throw fails the run, save of that signal's reason. */
  attack(faults: FaultContext, ctx: SimContext): Promise<void>;
  /** Chaos is over, everything is healed, the processes still run. */
  check?(ctx: SimContext): Promise<void>;
}

/** A factory of fresh attacks, so that no seed sees what another left behind. */
export type AttackFactory = () => AttackWorkload;

/** When an attack takes part. */
export interface AttackOptions {
  /** In which share of the seeds. Default 1: in all of them. */
  readonly probability?: number;
}

/** An attack that may take part in a seed. */
export interface AttackEntry {
  readonly factory: AttackFactory;
  readonly probability: number;
}

/** Fill in the default, and refuse what makes no attack or is no probability. */
export function resolveAttack(
  factory: AttackFactory,
  options: AttackOptions,
): AttackEntry {
  checkFunction("attack", factory);
  checkOptionNames("an attack", options, ["probability"]);
  const { probability = 1 } = options;
  if (probability >= 0 && probability <= 1) return { factory, probability };
  const message = `attack option probability cannot be ${probability}: a number from 0 to 1 is`;
  throw new SimulationError("bad_option", message, {
    option: "probability",
    value: probability,
  });
}

/** Those that take part in a seed. What is certain takes no draw. */
export function drawAttacks(
  random: RandomProvider,
  entries: readonly AttackEntry[],
): AttackWorkload[] {
  return entries
    .filter(({ probability }) => probability === 1 || random.bool(probability))
    .map(({ factory }) => factory());
}

/**
 * Those that nobody asked for: each of them joins with chance 0.25 / (1 + how many attacks there are already), as in
 * FoundationDB, so that most seeds have none, some have one, and few have more.
 */
export function drawUninvited(
  random: RandomProvider,
  factories: readonly AttackFactory[],
  invited: number,
): AttackWorkload[] {
  const joining: AttackWorkload[] = [];
  for (const factory of factories) {
    if (random.bool(0.25 / (1 + invited + joining.length)))
      joining.push(factory());
  }
  return joining;
}

/** The client that an attack is, while it does not attack. */
export function asWorkload(attack: AttackWorkload): Workload {
  const { setup, check } = attack;
  return {
    name: attack.name,
    ...(setup && { setup: (ctx: SimContext) => setup.call(attack, ctx) }),
    run: () => Promise.resolve(),
    ...(check && { check: (ctx: SimContext) => check.call(attack, ctx) }),
  };
}
