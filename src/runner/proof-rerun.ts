/** Running seeds twice: the second time must take the very same course. */
import { EventLog, SimulationError } from "../sim/index.ts";
import {
  findDivergence,
  loggedRun,
  type Divergence,
  type Repeatable,
} from "./divergence.ts";
import type { Failure } from "./failure.ts";
import type { Plan } from "./plan.ts";
import { runSeed } from "./seed-run.ts";
import type { SeedResult, SeedRunOptions } from "./seed-result.ts";

/** How to run a seed, whichever it is. */
export type HowToRun = Omit<
  SeedRunOptions,
  "seed" | "traceRecentMax" | "keepOrigins" | "log"
>;

/** Trace entries that are kept when a failed seed is run again. */
const traceRecentMax = 200;

/** A healthy seed in twenty, if nobody says otherwise. */
export const defaultRerunShare = 0.05;

/** A share is from 0 to 1. */
export function checkShare(option: string, share: number): void {
  if (share >= 0 && share <= 1) return;
  const message = `${option} cannot be ${share}: it is a share, from 0 for none to 1 for all`;
  throw new SimulationError("bad_option", message, { option, value: share });
}

/** Whether the seed at this place of a run belongs to the share: every twentieth for 0.05, whatever the seeds are. */
export function isInShare(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}

/** Run a seed again, with its story told. If it takes another course, that is its first failure. */
export async function runAgain(
  plan: Plan,
  first: SeedResult,
  how: HowToRun,
): Promise<SeedResult> {
  const { seed } = first;
  // Where things were made is of interest for those that were left behind. It is costly to keep: not in endless seeds.
  const keepOrigins =
    first.leftovers.length > 0 && first.events <= originEventsMax;
  const second = await runSeed(plan, {
    ...{ ...how, seed, traceRecentMax, keepOrigins, log: undefined },
  });
  if (second.fingerprint === first.fingerprint) {
    if (kinds(second) === kinds(first)) return second;
    const failures = [nondeterminism(judgedTwice, undefined)];
    return { ...first, failures: [...failures, ...first.failures] };
  }
  const again = repeatable(plan, "again", { ...how, seed });
  const divergence = await findDivergence(
    { ...again, name: "one time" },
    { ...again, name: "another" },
  );
  const message =
    `the seed took another course when it was run again (${first.fingerprint}, then ${second.fingerprint}): ` +
    "something in the program depends on more than its providers";
  const failures = [nondeterminism(message, divergence), ...first.failures];
  return { ...first, failures, recent: second.recent, divergence };
}

/** A seed with more events is run again without noting where each thing is made. */
const originEventsMax = 1_000_000;

const judgedTwice =
  "the seed took the same course when it was run again, but was not judged alike: " +
  "a check depends on more than its providers";

function kinds({ failures }: SeedResult): string {
  return failures.map(({ kind, count }) => `${kind} ${count}`).join();
}

/** That seed in this thread, as often as one likes. */
export function repeatable(
  plan: Plan,
  name: string,
  how: HowToRun & { readonly seed: number },
): Repeatable {
  return {
    name,
    async run(pick) {
      const log = new EventLog(pick);
      await runSeed(plan, {
        ...{ ...how, traceRecentMax: 0, keepOrigins: false, log },
      });
      return loggedRun(log);
    },
  };
}

/** The failure of a seed that does not always take the same course; where it parts, if that is known. */
export function nondeterminism(
  message: string,
  divergence: Divergence | undefined,
): Failure {
  const operation = divergence?.sides[0].operation;
  return {
    kind: "nondeterminism",
    message,
    count: 1,
    atMs: operation?.atMs ?? 0,
    event: operation?.event ?? 0,
    details: undefined,
    stack: undefined,
  };
}
