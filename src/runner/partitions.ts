/** The built-in injector that cuts the network in two and heals it again. */
import { checkOptionNames, SimulationError, type MsRange } from "../sim/index.ts";
import { pause } from "./attrition.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";

/** How the network falls apart. */
export interface Partitions {
  /** Pause between a heal and the next cut. Default 1 000–8 000. */
  pauseMs: MsRange;
  /** How long a cut lasts. Default 200–8 000: some outlast the patience of connections, most do not. */
  durationMs: MsRange;
}

export const defaultPartitions: Readonly<Partitions> = Object.freeze({
  pauseMs: [1_000, 8_000] as const,
  durationMs: [200, 8_000] as const,
});

export function resolvePartitions(given: Partial<Partitions>): Readonly<Partitions> {
  checkOptionNames("partitions", given, Object.keys(defaultPartitions));
  const config = { ...defaultPartitions, ...given };
  for (const option of ["pauseMs", "durationMs"] as const) {
    const [from, to] = config[option];
    if (from >= 0 && from <= to && Number.isFinite(to)) continue;
    const message = `partition option ${option} cannot be ${JSON.stringify(config[option])}`;
    throw new SimulationError("bad_option", message, { option, value: config[option] });
  }
  return Object.freeze(config);
}

/** Split all machines into two groups at random moments; each machine is as likely to be in one as in the other. */
export function partitionInjector(config: Readonly<Partitions>, ips: readonly string[]): FaultInjector {
  return {
    name: "partitions",
    async inject(ctx) {
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        if (ctx.chaosShutdown.aborted) return;
        const cuts = drawCuts(ctx, ips);
        for (const [left, right] of cuts) ctx.partition(left, right);
        await pause(ctx, config.durationMs);
        for (const [left, right] of cuts) ctx.heal(left, right);
      }
    },
  };
}

function drawCuts(ctx: FaultContext, ips: readonly string[]): [string, string][] {
  const inside = ips.filter(() => ctx.random.bool());
  const outside = ips.filter((ip) => !inside.includes(ip));
  return inside.flatMap((left) => outside.map((right): [string, string] => [left, right]));
}
