/** The built-in injector that lets processes stand still and resume late, as a long collection of garbage does. */
import type { MsRange } from "../sim/index.ts";
import { pause } from "./attrition.ts";
import { resolveRanges } from "./chaos-options.ts";
import type { FaultInjector } from "./faults.ts";

export interface Stalls {
  /** Pause between two stalls. Default 1 000–10 000. */
  pauseMs: MsRange;
  /** How long one lasts. Default 50–5 000. */
  durationMs: MsRange;
}

export const defaultStalls: Readonly<Stalls> = Object.freeze({
  pauseMs: [1_000, 10_000] as const,
  durationMs: [50, 5_000] as const,
});

export function resolveStalls(given: Partial<Stalls>): Readonly<Stalls> {
  return resolveRanges("stalls", given, defaultStalls);
}

export function stallInjector(config: Readonly<Stalls>): FaultInjector {
  return {
    name: "stalls",
    async inject(ctx) {
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        const alive = ctx.processIps.filter((ip) => ctx.isAlive(ip));
        if (alive.length === 0) continue;
        const [fromMs, toMs] = config.durationMs;
        const ms = fromMs + ctx.random.ratio() * (toMs - fromMs);
        ctx.stall(ctx.random.pick(alive), ms);
      }
    },
  };
}
