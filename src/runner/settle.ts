/** What is left of everybody once all have been asked to stop. */
import { withDefaults } from "../base/with-defaults.ts";
import {
  checkOptionNames,
  SimulationError,
  type Holding,
  type SimWorld,
} from "../sim/index.ts";
import { firstOwnFrame } from "./stack-text.ts";
import type { Member, Topology } from "./topology.ts";
import { withNames } from "./waiting.ts";

/** The end of a seed: everybody is asked to stop, has a while for it, and then should hold nothing any more. */
export interface SettleOptions {
  /** Simulated time to stop in. Default 1 000. */
  withinMs: number;
  /** What is still held then is reported, fails the seed, or is nobody's business. Default `report`. */
  leftovers: "report" | "fail" | "off";
}

export const defaultSettleOptions: Readonly<SettleOptions> = Object.freeze({
  withinMs: 1_000,
  leftovers: "report",
});

/** Fill in defaults and refuse what makes no sense. */
export function resolveSettleOptions(
  given: Partial<SettleOptions>,
): Readonly<SettleOptions> {
  checkOptionNames("settle", given, Object.keys(defaultSettleOptions));
  const settling = withDefaults(defaultSettleOptions, given);
  const { withinMs, leftovers } = settling;
  if (!Number.isFinite(withinMs) || withinMs < 0)
    throw refused("withinMs", withinMs, "milliseconds, 0 or more, are");
  if (!["report", "fail", "off"].includes(leftovers))
    throw refused("leftovers", leftovers, "it is one of report, fail, off");
  return Object.freeze(settling);
}

function refused(
  option: string,
  value: unknown,
  remedy: string,
): SimulationError<"bad_option"> {
  const message = `settle option ${option} cannot be ${JSON.stringify(value)}: ${remedy}`;
  return new SimulationError("bad_option", message, { option, value });
}

/** What one member of a seed still holds. */
export interface Leftover {
  readonly member: Member;
  readonly holdings: readonly Holding[];
}

/** Ask for what everybody who lives still holds. */
export function findLeftovers(world: SimWorld, topology: Topology): Leftover[] {
  return [...topology.processes, ...topology.workloads].flatMap((member) => {
    const holdings = world.inventory(member.ip)?.holdings ?? [];
    return holdings.length === 0
      ? []
      : { member, holdings: holdings.map((held) => named(held, topology)) };
  });
}

function named({ name, ...more }: Holding, topology: Topology): Holding {
  return { ...more, name: withNames(name, topology) };
}

/** Where things were made, as far as it is known; `undefined` where nothing is. */
export function originsOf({
  holdings,
}: Leftover): Readonly<Record<string, string>> | undefined {
  const origins = holdings.flatMap(({ kind, name, stack }) => {
    const frame = firstOwnFrame(stack);
    return frame === undefined ? [] : [[`${wordOf(kind)} ${name}`, frame]];
  });
  return origins.length === 0 ? undefined : Object.fromEntries(origins);
}

/** `bank-0 still holds the listener bank-0:80, the task sweep` */
export function describeLeftover({ member, holdings }: Leftover): string {
  const things = holdings.map(
    ({ kind, name }) => `the ${wordOf(kind)} ${name}`,
  );
  return `${member.name} still holds ${things.join(", ")}`;
}

/** Things of one sort that members of one kind left behind, over all seeds. */
export interface LeftBehind {
  /** The kind of member: `bank`. */
  readonly who: string;
  readonly kind: Holding["kind"];
  count: number;
  /** The first one: its name, and the seed. */
  example: string;
  seed: number;
  /** Where the program made it, once a seed has been run again. */
  madeAt: string | undefined;
}

/** Adds up what seeds left behind. */
export class LeftBehindTally {
  readonly #byKey = new Map<string, LeftBehind>();

  get all(): readonly LeftBehind[] {
    return [...this.#byKey.values()];
  }

  add(seed: number, leftovers: readonly Leftover[]): void {
    for (const { member, holdings } of leftovers) {
      for (const { kind, name } of holdings) {
        const who = member.kind;
        const key = `${who} ${kind}`;
        const known = this.#byKey.get(key);
        if (known !== undefined) known.count += 1;
        else
          this.#byKey.set(key, {
            ...{ who, kind, count: 1, example: name, seed },
            madeAt: undefined,
          });
      }
    }
  }

  /** The same seed was run again, and it was kept where things were made: those are the better examples. */
  trace(seed: number, leftovers: readonly Leftover[]): void {
    for (const { member, holdings } of leftovers) {
      for (const { kind, name, stack } of holdings) {
        const known = this.#byKey.get(`${member.kind} ${kind}`);
        const madeAt = firstOwnFrame(stack);
        if (madeAt === undefined || known === undefined) continue;
        if (known.madeAt === undefined)
          Object.assign(known, { example: name, seed, madeAt });
      }
    }
  }
}

/** `datagram_socket` → `datagram socket` */
export function wordOf(kind: Holding["kind"]): string {
  return kind.replaceAll("_", " ");
}
