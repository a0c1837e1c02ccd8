/** The built-in injector that cuts the network in two and heals it again. */
import type { MsRange, Way } from "../sim/index.ts";
import { pause } from "./attrition.ts";
import { badOption, resolveRanges } from "./chaos-options.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";

/**
 * Who is on the smaller side of a cut. `random`: each machine with a fair coin; `uniform_size`: as many as are drawn;
 * `isolate_single`: one.
 */
export type PartitionShape = "random" | "uniform_size" | "isolate_single";

/**
 * Whether a cut stops both ways between the two sides, or only one. `send_only`: machines of the group hear nobody, not
 * even each other; `receive_only`: nobody hears them.
 */
export type PartitionDirection =
  "two_way" | "one_way" | "send_only" | "receive_only";

/** How the network falls apart. */
export interface Partitions {
  /** Pause between a heal and the next cut. Default 1 000–8 000. */
  pauseMs: MsRange;
  /** How long a cut lasts. Default 200–8 000: some outlast the patience of connections, most do not. */
  durationMs: MsRange;
  /**
   * How long the network stays as it is at least, whole or cut, whatever is drawn from the two ranges: time for a
   * program to get used to it. Default 0, since the ranges have lower bounds of their own.
   */
  stabilityMs: number;
  /** Default `any`: drawn for each cut. */
  shape: PartitionShape | "any";
  /** Default `any`: drawn for each cut. */
  direction: PartitionDirection | "any";
}

export const defaultPartitions: Readonly<Partitions> = Object.freeze({
  pauseMs: [1_000, 8_000] as const,
  durationMs: [200, 8_000] as const,
  stabilityMs: 0,
  shape: "any",
  direction: "any",
});

const shapes: readonly PartitionShape[] = [
  "random",
  "uniform_size",
  "isolate_single",
];
const directions: readonly PartitionDirection[] = [
  "two_way",
  "one_way",
  "send_only",
  "receive_only",
];

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
      const { pauseMs, durationMs, stabilityMs } = config;
      while (!ctx.chaosShutdown.aborted) {
        await pause(ctx, pauseMs, stabilityMs);
        if (ctx.chaosShutdown.aborted) return;
        const heal = cutInTwo(ctx, config, ips);
        await pause(ctx, durationMs, stabilityMs);
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
): () => unknown {
  const { random } = ctx;
  const shape = config.shape === "any" ? random.pick(shapes) : config.shape;
  const direction =
    config.direction === "any" ? random.pick(directions) : config.direction;
  const inside = drawGroup(ctx, shape, ips);
  const outside = ips.filter((ip) => !inside.includes(ip));
  if (direction === "two_way") {
    const struck = ctx.partition(inside, outside);
    return () => struck && ctx.heal(inside, outside);
  }
  const ways = waysOf(direction, { inside, outside, inwards: random.bool() });
  const struck = ctx.cut(ways);
  return () => struck && ctx.mend(ways);
}

/** What a cut that is not two-way stops. */
function waysOf(
  direction: Exclude<PartitionDirection, "two_way">,
  sides: { inside: Ips; outside: Ips; inwards: boolean },
): Way[] {
  const { inside, outside, inwards } = sides;
  switch (direction) {
    case "send_only":
      return inside.map((to) => ({ to }));
    case "receive_only":
      return inside.map((from) => ({ from }));
    case "one_way":
      return inside.flatMap((near) =>
        outside.map((far) =>
          inwards ? { from: far, to: near } : { from: near, to: far },
        ),
      );
  }
}

type Ips = readonly string[];

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
