/** The built-in injector that makes parts of the network slow to a standstill, and losing nothing. */
import type { MsRange } from "../sim/index.ts";
import { pause } from "./attrition.ts";
import { resolveRanges } from "./chaos-options.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";

export interface Clogs {
  /** Pause between two clogs. Default 500–5 000. */
  pauseMs: MsRange;
  /** How long one lasts. Default 50–2 000. */
  durationMs: MsRange;
  /** The share of clogs that are swizzled: machines of a random group one by one, and freed in another order. Default 0.25. */
  swizzleRatio: number;
}

export const defaultClogs: Readonly<Clogs> = Object.freeze({
  pauseMs: [500, 5_000] as const,
  durationMs: [50, 2_000] as const,
  swizzleRatio: 0.25,
});

export function resolveClogs(given: Partial<Clogs>): Readonly<Clogs> {
  return resolveRanges("clogs", given, defaultClogs);
}

/** Clog what one machine sends, or what it receives, or one way between two; at times swizzle. */
export function clogInjector(
  config: Readonly<Clogs>,
  ips: readonly string[],
): FaultInjector {
  return {
    name: "clogs",
    async inject(ctx) {
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        if (ctx.random.bool(config.swizzleRatio))
          await swizzle(ctx, config, ips);
        else await clogOnce(ctx, config, ips);
      }
    },
  };
}

async function clogOnce(
  ctx: FaultContext,
  config: Readonly<Clogs>,
  ips: readonly string[],
): Promise<void> {
  const [from, to] = [ctx.random.pick(ips), ctx.random.pick(ips)];
  const way = ctx.random.pick([{ from }, { to }, { from, to }]);
  ctx.clog(way);
  await pause(ctx, config.durationMs);
  ctx.unclog(way);
}

/** After FoundationDB: what recovers in another order than it failed finds mistakes that nothing else finds. */
async function swizzle(
  ctx: FaultContext,
  config: Readonly<Clogs>,
  ips: readonly string[],
): Promise<void> {
  const [fromMs, toMs] = config.durationMs;
  const victims = shuffled(ctx, ips).slice(
    0,
    ctx.random.range(1, ips.length + 1),
  );
  const stepMs: MsRange = [fromMs / victims.length, toMs / victims.length];
  ctx.note("swizzled clog", ...victims);
  for (const ip of victims) {
    ctx.clog([{ from: ip }, { to: ip }]);
    await pause(ctx, stepMs);
  }
  for (const ip of shuffled(ctx, victims)) {
    ctx.unclog([{ from: ip }, { to: ip }]);
    await pause(ctx, stepMs);
  }
}

function shuffled(ctx: FaultContext, items: readonly string[]): string[] {
  const rest = [...items];
  return items.map(
    () => rest.splice(ctx.random.below(rest.length), 1)[0] as string,
  );
}
