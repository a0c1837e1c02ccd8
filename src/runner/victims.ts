/** Whom something is about: some kinds of processes, or those with some labels. */
import { checkOptionNames, SimulationError } from "../sim/index.ts";
import type { Process } from "./program.ts";
import type { Member, Topology } from "./topology.ts";

/** Both conditions must hold; what is not given holds for everybody. */
export interface Victims {
  /** Processes of one of these kinds. */
  readonly kinds?: readonly string[];
  /** Processes with all of these labels. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Whether this is one of them. */
export function mayBeVictim(
  { kinds, tags = {} }: Victims,
  { kind, tags: own }: Pick<Member, "kind" | "tags">,
): boolean {
  if (kinds !== undefined && !kinds.includes(kind)) return false;
  return Object.entries(tags).every(([key, value]) => own.matches(key, value));
}

/** Refuse kinds, keys and values that no process has: the choice would silently be nobody. */
export function checkVictims(
  what: string,
  victims: Victims,
  processes: readonly Process[],
): void {
  checkOptionNames(what, victims, ["kinds", "tags"]);
  for (const kind of victims.kinds ?? []) {
    if (processes.some(({ name }) => name === kind)) continue;
    throw bad(`${what} names the kind "${kind}"`, kind);
  }
  for (const [key, value] of Object.entries(victims.tags ?? {})) {
    if (processes.some(({ tags }) => tags?.[key]?.includes(value) === true))
      continue;
    throw bad(`${what} names the tag ${key}=${value}`, { [key]: value });
  }
}

/** The same where only the world is known: throws for kinds and keys that nobody there has. */
export function checkVictimsExist(
  { kinds = [], tags = {} }: Victims,
  topology: Topology,
): void {
  for (const kind of kinds) topology.ips(kind);
  for (const [key, value] of Object.entries(tags))
    topology.tags.ipsTagged(key, value);
}

function bad(claim: string, value: unknown): SimulationError<"bad_option"> {
  const message = `${claim}, which no process has`;
  return new SimulationError("bad_option", message, {
    option: "victims",
    value,
  });
}
