/** The built-in injector that takes processes down and lets them come back. */
import {
  checkOptionNames,
  SimulationError,
  type MsRange,
} from "../sim/index.ts";
import type { FaultContext, FaultInjector, RebootKind } from "./faults.ts";

/** How processes die. The three weights are relative to each other. */
export interface Attrition {
  /** At most this many processes are down at once. Default 1. */
  maxDead: number;
  /** Pause between two attempts. Default 1 000–5 000. */
  pauseMs: MsRange;
  /** Asked to stop, given `graceMs`, then killed. Default weight 0.3. */
  graceful: number;
  /** Killed as if by a loss of power. Default weight 0.7. */
  crash: number;
  /** Killed, with the loss of its disk. Default weight 0: few programs claim to survive it. */
  crashAndWipe: number;
  /** How long a graceful stop may take. Default 2 000–5 000. */
  graceMs: MsRange;
  /** How long a process stays down. Default 1 000–10 000. */
  recoveryMs: MsRange;
}

export const defaultAttrition: Readonly<Attrition> = Object.freeze({
  maxDead: 1,
  pauseMs: [1_000, 5_000] as const,
  graceful: 0.3,
  crash: 0.7,
  crashAndWipe: 0,
  graceMs: [2_000, 5_000] as const,
  recoveryMs: [1_000, 10_000] as const,
});

export function resolveAttrition(
  given: Partial<Attrition>,
): Readonly<Attrition> {
  checkOptionNames("attrition", given, Object.keys(defaultAttrition));
  const config = { ...defaultAttrition, ...given };
  if (!(Number.isSafeInteger(config.maxDead) && config.maxDead >= 0)) {
    throw bad("maxDead", config.maxDead);
  }
  for (const option of ["graceful", "crash", "crashAndWipe"] as const) {
    if (!(config[option] >= 0 && Number.isFinite(config[option])))
      throw bad(option, config[option]);
  }
  // Some way to die must be left, since the drawn point falls somewhere; `maxDead: 0` is how to keep everybody alive.
  if (config.graceful + config.crash + config.crashAndWipe === 0)
    throw bad("crash", config.crash);
  for (const option of ["pauseMs", "graceMs", "recoveryMs"] as const) {
    const [from, to] = config[option];
    if (!(from >= 0 && from <= to && Number.isFinite(to)))
      throw bad(option, config[option]);
  }
  return Object.freeze(config);
}

/** Kill and reboot at random moments, never more than `maxDead` at once. */
export function attritionInjector(config: Readonly<Attrition>): FaultInjector {
  return {
    name: "attrition",
    async inject(ctx) {
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        const targets = ctx.processIps.filter((ip) => ctx.isAlive(ip));
        if (ctx.chaosShutdown.aborted || targets.length === 0) continue;
        if (ctx.deadCount >= config.maxDead) continue;
        ctx.reboot(ctx.random.pick(targets), drawKind(ctx, config));
      }
    },
  };
}

/** Wait for a drawn time, or until the chaos phase is over. */
export async function pause(ctx: FaultContext, range: MsRange): Promise<void> {
  const [fromMs, toMs] = range;
  const ms = fromMs + ctx.random.ratio() * (toMs - fromMs);
  try {
    await ctx.time.sleep(ms, { signal: ctx.chaosShutdown });
  } catch {
    // The phase is over, and whoever paused looks at the signal next.
  }
}

function drawKind(ctx: FaultContext, config: Readonly<Attrition>): RebootKind {
  const total = config.graceful + config.crash + config.crashAndWipe;
  const point = ctx.random.ratio() * total;
  if (point < config.graceful) return "graceful";
  return point < config.graceful + config.crash || config.crashAndWipe === 0
    ? "crash"
    : "crash_and_wipe";
}

function bad(option: string, value: unknown): SimulationError<"bad_option"> {
  const message = `attrition option ${option} cannot be ${JSON.stringify(value)}`;
  return new SimulationError("bad_option", message, { option, value });
}
