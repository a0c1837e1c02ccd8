/** The built-in injector that picks single connections: it cuts them for a while, or lets one end vanish unheard. */
import type { MsRange } from "../sim/index.ts";
import { pause } from "./attrition.ts";
import { resolveRanges } from "./chaos-options.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";

export interface ConnectionFaults {
  /** Pause between two strikes. Default 500–5 000. */
  pauseMs: MsRange;
  /** How long a connection is cut. Default 100–8 000. */
  cutMs: MsRange;
  /** The share of strikes that let one end vanish without a word, instead of a cut. Default 0.3. */
  crashRatio: number;
  /** When the end that is left hears of it, in half of these cases; in the others never. Default 500–10 000. */
  resetAfterMs: MsRange;
}

export const defaultConnectionFaults: Readonly<ConnectionFaults> =
  Object.freeze({
    pauseMs: [500, 5_000] as const,
    cutMs: [100, 8_000] as const,
    crashRatio: 0.3,
    resetAfterMs: [500, 10_000] as const,
  });

export function resolveConnectionFaults(
  given: Partial<ConnectionFaults>,
): Readonly<ConnectionFaults> {
  return resolveRanges("connections", given, defaultConnectionFaults);
}

export function connectionInjector(
  config: Readonly<ConnectionFaults>,
): FaultInjector {
  return {
    name: "connections",
    async inject(ctx) {
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        strike(ctx, config);
      }
    },
  };
}

function strike(ctx: FaultContext, config: Readonly<ConnectionFaults>): void {
  const { random } = ctx;
  const far = ctx.circuits.filter(
    ({ client }) => client.local.ip !== client.remote.ip,
  );
  if (far.length === 0) return;
  const circuit = random.pick(far);
  const draw = ([fromMs, toMs]: MsRange): number =>
    fromMs + random.ratio() * (toMs - fromMs);
  if (!random.bool(config.crashRatio)) {
    circuit.cut(draw(config.cutMs));
    return;
  }
  const gone = random.pick(["client", "server"] as const);
  const resetAfterMs = random.bool() ? draw(config.resetAfterMs) : undefined;
  circuit.crashPeer(gone, resetAfterMs);
}
