/** The names by which reports count faults, and refusing to wait for one that nothing could ever be called. */
import { SimulationError } from "../sim/index.ts";
import { refusedByBudget } from "./fault-account.ts";
import type { Plan } from "./plan.ts";

/** Every name that Wavetank itself counts by: those of `docs/faults.md`. Injectors may count by others. */
export const faultNames: readonly string[] = [
  ...["crash", "graceful stop", "power loss", "crash and wipe", "stall"],
  ...["partition", "one-way partition", "send partition", "receive partition"],
  ...["one-way clog", "send clog", "receive clog", "swizzled clog"],
  ...["connection cut", "peer crash", "refused connect", "hung connect"],
  ...["explicit graceful close", "silent graceful close"],
  ...["explicit one-sided close", "silent one-sided close"],
  ...["explicit abortive close", "silent abortive close"],
  ...["partial writes", "partial reads", "bit flip"],
  ...["pair latency", "asymmetric latency"],
  ...["datagram loss", "datagram duplicate", "datagram reorder"],
  ...["clock rate", "clock step", "late timer"],
  ...["dropped write", "torn sector", "damaged sector", "lost metadata"],
  ...["read fault", "write fault", "phantom write", "failed sync", "I/O error"],
  ...["misdirected read", "misdirected write", "short operation", "disk full"],
  ...["disk stall", "disk throttle", "disk trouble", "buggify"],
  refusedByBudget,
];

/** A misspelt name would fail every run, after all of it. Injectors and attacks of one's own may count by any. */
export function checkRequiredFaults({
  requiredFaults,
  injectors,
  attacks,
}: Pick<Plan, "requiredFaults" | "injectors" | "attacks">): void {
  if (injectors.length + attacks.length > 0) return;
  const unknown = requiredFaults.find((name) => !faultNames.includes(name));
  if (unknown === undefined) return;
  const near = nearestTo(String(unknown));
  const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
  throw new SimulationError(
    "bad_option",
    `requireFaults: no fault is called "${unknown}"${hint}: docs/faults.md has every name; others need an injector or an attack that notes them`,
    { option: "requireFaults", value: unknown },
  );
}

/** The name that takes the fewest changes, if they are few. */
function nearestTo(word: string): string | undefined {
  let near: string | undefined;
  let least = changesMax + 1;
  for (const name of faultNames) {
    const changes = changesBetween(word, name);
    if (changes < least) [near, least] = [name, changes];
  }
  return near;
}

/** Letters to add, leave out or replace: Levenshtein's distance, row by row. */
function changesBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= right.length; to += 1) {
      const replaced = row[to - 1]! + Number(left[at - 1] !== right[to - 1]);
      next.push(Math.min(replaced, row[to]! + 1, next[to - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}

const changesMax = 3;
