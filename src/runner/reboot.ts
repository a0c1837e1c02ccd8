/** How processes go down and come back. */
import type { RandomProvider } from "../core/index.ts";
import type { MsRange } from "../sim/index.ts";

/**
 * How a process goes down: asked first, at once, at once with the loss of its disk, or at once with its machine, so that
 * peers are told nothing.
 */
export type RebootKind = "graceful" | "crash" | "crash_and_wipe" | "power_loss";

/**
 * Who brings it back: time alone; the end of chaos, if nobody does before; or nobody, because the plan is that it
 * stays away.
 */
export type ComesBack = "by_itself" | "when_healed" | "never";

/** How long a reboot takes, in milliseconds. */
export interface RebootDelays {
  /** How long a graceful stop may take. */
  readonly graceMs: number;
  /** How long the process stays down. */
  readonly recoveryMs: number;
}

/** The same with ranges, from which delays are drawn. */
export interface RebootRanges {
  /** How long a graceful stop may take. Default: that of the attrition. */
  readonly graceMs?: number | MsRange;
  /** How long the processes stay down. Default: that of the attrition. */
  readonly recoveryMs?: number | MsRange;
}

/** What is fixed takes no draw. */
export function drawDelays(
  random: RandomProvider,
  { graceMs, recoveryMs }: Required<RebootRanges>,
): RebootDelays {
  return {
    graceMs: drawMs(random, graceMs),
    recoveryMs: drawMs(random, recoveryMs),
  };
}

function drawMs(random: RandomProvider, range: number | MsRange): number {
  if (typeof range === "number") return range;
  const [fromMs, toMs] = range;
  return fromMs + random.ratio() * (toMs - fromMs);
}
