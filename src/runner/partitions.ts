/** The built-in injector that cuts the network in two and heals it again. */
import type { MsRange } from "../sim/index.ts";
import { pause } from "./attrition.ts";
import { badOption, resolveRanges } from "./chaos-options.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";

/**
 * Who is on the smaller side of a cut. `random`: each machine with a fair coin; `uniform_size`: as many as are drawn;
 * `isolate_single`: one.
 */
export type PartitionShape = "random" | "uniform_size" | "isolate_single";

/** Whether a cut stops both ways, or only one: then one side can send and not receive. */
export type PartitionDirection = "two_way" | "one_way";

/** How the network falls apart. The lower bounds are how long it stays as it is at least, whole or cut. */
export interface Partitions {
  /** Pause between a heal and the next cut. Default 1 000–8 000. */
  pauseMs: MsRange;
  /** How long a cut lasts. Default 200–8 000: some outlast the patience of connections, most do not. */
  durationMs: MsRange;
  /** Default `any`: drawn for each cut. */
  shape: PartitionShape | "any";
  /** Default `any`: drawn for each cut. */
  direction: PartitionDirection | "any";
}

export const defaultPartitions: Readonly<Partitions> = Object.freeze({
  pauseMs: [1_000, 8_000] as const,
  durationMs: [200, 8_000] as const,
  shape: "any",
  direction: "any",
});

const shapes: readonly PartitionShape[] = [
  "random",
  "uniform_size",
  "isolate_single",
];
const directions: readonly PartitionDirection[] = ["two_way", "one_way"];

export function resolvePartitions(
  given: Partial<Partitions>,
): Readonly<Partitions> {
  const config = resolveRanges("partition", given, defaultPartitions);
  const { shape, direction } = config;
  if (![...shapes, "any"].includes(shape))
    throw badOption("partition", "shape", shape);
  if (![...directions, "any"].includes(direction))
    throw badOption("partition", "direction", direction);
  return config;
}

/** Split all machines into two groups at random moments, for a while. */
export function partitionInjector(
  config: Readonly<Partitions>,
  ips: readonly string[],
): FaultInjector {
  return {
    name: "partitions",
    async inject(ctx) {
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, config.pauseMs);
        if (ctx.chaosShutdown.aborted) return;
        const heal = cutInTwo(ctx, config, ips);
        await pause(ctx, config.durationMs);
        heal();
      }
    },
  };
}

/** Cut what is between a drawn group and the rest. Returns how to heal it. */
function cutInTwo(
  ctx: FaultContext,
  config: Readonly<Partitions>,
  ips: readonly string[],
): () => void {
  const { random } = ctx;
  const shape = config.shape === "any" ? random.pick(shapes) : config.shape;
  const direction =
    config.direction === "any" ? random.pick(directions) : config.direction;
  const inside = drawGroup(ctx, shape, ips);
  const outside = ips.filter((ip) => !inside.includes(ip));
  const inwards = random.bool();
  const pairs = inside.flatMap((near) =>
    outside.map((far): [string, string] =>
      inwards ? [far, near] : [near, far],
    ),
  );
  const struck =
    direction === "two_way"
      ? ctx.partition(inside, outside)
      : ctx.cut(pairs.map(([from, to]) => ({ from, to })));
  return () => {
    if (!struck) return;
    for (const [from, to] of pairs) ctx.heal(from, to);
  };
}

function drawGroup(
  ctx: FaultContext,
  shape: PartitionShape,
  ips: readonly string[],
): readonly string[] {
  const { random } = ctx;
  if (shape === "random") return ips.filter(() => random.bool());
  if (ips.length < 2) return [];
  const rest = [...ips];
  const size = shape === "isolate_single" ? 1 : random.range(1, ips.length);
  return Array.from(
    { length: size },
    () => rest.splice(random.below(rest.length), 1)[0] as string,
  );
}
