/** What a builder refuses, before anything starts. */
import { checkOptionNames, SimulationError } from "../sim/index.ts";
import { builtInInjectorNames } from "./built-in-injectors.ts";
import { checkCount } from "./count.ts";
import type { FaultInjector } from "./faults.ts";
import type { Invariant, InvariantFactory } from "./invariant.ts";
import type { Process, ProcessOptions } from "./program.ts";
import { checkTags } from "./tags.ts";

/** A number of processes, and labels, and nothing else. */
export function checkProcessOptions(
  name: string,
  options: ProcessOptions,
): void {
  const what = `process "${name}"`;
  checkOptionNames(what, options, ["count", "tags"]);
  checkCount(what, { option: "count", count: options.count ?? 1 });
}

/** Each kind of process needs a name of its own, and a way to start. */
export function checkProcess(
  { name, tags = {}, start }: Process,
  others: readonly Process[],
): void {
  checkTags(name, tags);
  checkFunction(`processes "${name}"`, start);
  if (others.every((other) => other.name !== name)) return;
  const message = `there is a process "${name}" already: give each kind a name of its own`;
  throw new SimulationError("bad_option", message, {
    option: "processes",
    value: name,
  });
}

/** Each injector has a random stream of its own, by its name. */
export function checkInjectorName(
  name: string,
  others: readonly FaultInjector[],
): void {
  const taken = [...builtInInjectorNames, ...others.map((other) => other.name)];
  if (!taken.includes(name)) return;
  const message = `there is a fault injector "${name}" already: give each a name of its own`;
  throw new SimulationError("bad_option", message, {
    option: "fault",
    value: name,
  });
}

/** Durations are 0 or more; what is longer than any number of milliseconds is no limit at all. */
export function checkMs(option: string, ms: number): void {
  if (ms >= 0) return;
  const message = `${option} cannot be ${ms}: milliseconds, 0 or more, are`;
  throw new SimulationError("bad_option", message, { option, value: ms });
}

/** Each invariant needs a name of its own, and something to check. The factory is tried once, to know. */
export function checkInvariant(
  make: InvariantFactory,
  others: readonly InvariantFactory[],
): void {
  const { name, check } = make() as Partial<Invariant>;
  checkFunction(`invariant "${name ?? ""}"`, check);
  const reason =
    typeof name !== "string" || name === ""
      ? "an invariant needs a name"
      : others.some((other) => other().name === name)
        ? `there is an invariant "${name}" already: give each a name of its own`
        : undefined;
  if (reason === undefined) return;
  throw new SimulationError("bad_option", reason, {
    option: "invariant",
    value: name,
  });
}

/** A factory has to be one. */
export function checkFunction(what: string, given: unknown): void {
  if (typeof given === "function") return;
  const message = `${what} needs a function that makes or starts one, not ${typeof given}`;
  throw new SimulationError("bad_option", message, {
    option: what,
    value: given,
  });
}
