/** The built-in injector that takes processes down and lets them come back. */
import { withDefaults } from "../base/with-defaults.ts";
import {
  checkOptionNames,
  SimulationError,
  type MsRange,
} from "../sim/index.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";
import { faultScopes, type FaultGroup, type FaultScope } from "./locality.ts";
import type { RebootKind } from "./reboot.ts";
import { mayBeVictim, type Victims } from "./victims.ts";

/** How processes die. The four weights are relative to each other. */
export interface Attrition {
  /** At most this many processes are down at once, however they died. Default 1. */
  maxDead: number;
  /** What dies at once: one process, or all on a machine, in a zone, in a data centre. Default `process`. */
  scope: FaultScope;
  /** Who may die. A group of which one may not is spared. Default: everybody. */
  victims: Victims;
  /** Pause between two attempts. Default 1 000–5 000. */
  pauseMs: MsRange;
  /** Asked to stop, given `graceMs`, then killed. Default weight 0.3. */
  graceful: number;
  /** Killed, and its peers' connections reset. Default weight 0.7. */
  crash: number;
  /** Killed, with the loss of its disk. Default weight 0: few programs claim to survive it. */
  crashAndWipe: number;
  /** Killed with its machine: peers hear nothing, not even a refusal. Default weight 0: it takes time-outs to survive it. */
  powerLoss: number;
  /** How long a graceful stop may take. Default 2 000–5 000. */
  graceMs: MsRange;
  /** How long a process stays down. Default 1 000–10 000. */
  recoveryMs: MsRange;
  /** The share of deaths that last to the end of chaos. Default 0. */
  stayDownRatio: number;
}

export const defaultAttrition: Readonly<Attrition> = Object.freeze({
  maxDead: 1,
  scope: "process",
  victims: Object.freeze({}),
  pauseMs: [1_000, 5_000] as const,
  graceful: 0.3,
  crash: 0.7,
  crashAndWipe: 0,
  powerLoss: 0,
  graceMs: [2_000, 5_000] as const,
  recoveryMs: [1_000, 10_000] as const,
  stayDownRatio: 0,
});

export function resolveAttrition(
  given: Partial<Attrition>,
): Readonly<Attrition> {
  checkOptionNames("attrition", given, Object.keys(defaultAttrition));
  const config = withDefaults(defaultAttrition, given);
  const wrong = Object.entries(isRight).find(([, right]) => !right(config));
  if (wrong !== undefined) throw bad(wrong[0], config);
  return Object.freeze(config);
}

const isWeight = (value: number): boolean =>
  value >= 0 && Number.isFinite(value);
const isRange = ([from, to]: MsRange): boolean =>
  from >= 0 && from <= to && Number.isFinite(to);

/** Whether each option makes sense. */
const isRight: Readonly<
  Record<keyof Attrition, (config: Attrition) => boolean>
> = {
  maxDead: ({ maxDead }) => Number.isSafeInteger(maxDead) && maxDead >= 0,
  scope: ({ scope }) => faultScopes.includes(scope),
  victims: ({ victims }) => typeof victims === "object" && victims !== null,
  graceful: ({ graceful }) => isWeight(graceful),
  crashAndWipe: ({ crashAndWipe }) => isWeight(crashAndWipe),
  powerLoss: ({ powerLoss }) => isWeight(powerLoss),
  // Some way to die must be left, since the drawn point falls somewhere; `maxDead: 0` is how to keep everybody alive.
  crash: ({ graceful, crash, crashAndWipe, powerLoss }) =>
    isWeight(crash) && graceful + crash + crashAndWipe + powerLoss !== 0,
  pauseMs: ({ pauseMs }) => isRange(pauseMs),
  graceMs: ({ graceMs }) => isRange(graceMs),
  recoveryMs: ({ recoveryMs }) => isRange(recoveryMs),
  stayDownRatio: ({ stayDownRatio: ratio }) => ratio >= 0 && ratio <= 1,
};

/** Kill and reboot at random moments, never more than `maxDead` at once. */
export function attritionInjector(config: Readonly<Attrition>): FaultInjector {
  return {
    name: "attrition",
    async inject(ctx) {
      const groups = groupsOfVictims(ctx, config);
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        const targets = groups.filter((group) => mayFall(ctx, config, group));
        if (ctx.chaosShutdown.aborted || targets.length === 0) continue;
        const { ips } = ctx.random.pick(targets);
        strike(ctx, config, ips);
      }
    },
  };
}

function groupsOfVictims(
  ctx: FaultContext,
  { scope, victims }: Readonly<Attrition>,
): readonly FaultGroup[] {
  const spared = ctx.topology.processes.filter(
    (process) => !mayBeVictim(victims, process),
  );
  const isSpared = new Set(spared.map(({ ip }) => ip));
  return ctx.machines
    .groups(scope)
    .filter(({ ips }) => !ips.some((ip) => isSpared.has(ip)));
}

/** Whether somebody of the group is up, and all who are may be down together with those who are down. */
function mayFall(
  ctx: FaultContext,
  { maxDead }: Readonly<Attrition>,
  { ips }: FaultGroup,
): boolean {
  let alive = 0;
  for (const ip of ips) if (ctx.isAlive(ip)) alive += 1;
  return alive > 0 && ctx.deadCount + alive <= maxDead;
}

function strike(
  ctx: FaultContext,
  config: Readonly<Attrition>,
  ips: readonly string[],
): void {
  const kind = drawKind(ctx, config);
  const { graceMs, recoveryMs, stayDownRatio } = config;
  if (stayDownRatio > 0 && ctx.random.bool(stayDownRatio))
    ctx.killGroup(ips, { kind });
  else ctx.rebootGroup(ips, kind, { graceMs, recoveryMs });
}

/** Wait for a drawn time, or until the chaos phase is over. */
export async function pause(
  ctx: FaultContext,
  range: MsRange,
  leastMs: number = 0,
): Promise<void> {
  const [fromMs, toMs] = range;
  const drawnMs = fromMs + ctx.random.ratio() * (toMs - fromMs);
  const ms = Math.max(leastMs, drawnMs);
  try {
    await ctx.time.sleep(ms, { signal: ctx.chaosShutdown });
  } catch {
    // The phase is over, and whoever paused looks at the signal next.
  }
}

function drawKind(ctx: FaultContext, config: Readonly<Attrition>): RebootKind {
  const { graceful, crash, crashAndWipe, powerLoss } = config;
  const weights: [RebootKind, number][] = [
    ["graceful", graceful],
    ["crash", crash],
    ["crash_and_wipe", crashAndWipe],
    ["power_loss", powerLoss],
  ];
  const possible = weights.filter(([, weight]) => weight > 0);
  const total = possible.reduce((sum, [, weight]) => sum + weight, 0);
  let point = ctx.random.ratio() * total;
  const drawn = possible.find(([, weight]) => (point -= weight) < 0);
  return (drawn ?? possible.at(-1))?.[0] ?? "crash";
}

function bad(option: string, config: Attrition): SimulationError<"bad_option"> {
  const value = config[option as keyof Attrition];
  const message = `attrition option ${option} cannot be ${JSON.stringify(value)}`;
  return new SimulationError("bad_option", message, { option, value });
}
