/** An injector that breaks nothing and looks at everything, and processes that show from outside whether they live. */
import type {
  FaultContext,
  FaultInjector,
  SimContext,
} from "../../src/runner/index.ts";

/** What one look saw. */
export interface Look {
  readonly atMs: number;
  /** Processes that are down, or asked to go down, as the runner counts them. */
  readonly deadCount: number;
  /** Processes that have not shown a sign of life for two beats. */
  readonly silentCount: number;
  /** Pairs of machines that are cut off from each other. */
  readonly cutCount: number;
}

const beatMs = 10;

/** Looks at a world every few milliseconds, from the beginning of chaos to its end. One of it serves many seeds. */
export class Watch implements FaultInjector {
  readonly name = "watch";
  /** The looks of each seed. */
  readonly seeds: Look[][] = [];
  readonly #lastBeatMs = new Map<string, number>();

  /** What a process is to do to be seen. */
  readonly beat = (ctx: SimContext): void => {
    const next = (): void => {
      this.#lastBeatMs.set(ctx.ip, ctx.time.now());
      ctx.time.schedule(beatMs, next);
    };
    next();
  };

  async inject(faults: FaultContext): Promise<void> {
    const looks: Look[] = [];
    this.seeds.push(looks);
    while (!faults.chaosShutdown.aborted) {
      // Beats of the same instant may still be to come.
      await faults.time.sleep(7);
      looks.push(this.#look(faults));
    }
    this.#lastBeatMs.clear();
  }

  /** The most that any look of any seed saw. */
  most(what: "deadCount" | "silentCount" | "cutCount"): number {
    return this.seeds
      .flat()
      .reduce((most, look) => Math.max(most, look[what]), 0);
  }

  /** Processes that have not shown a sign of life for two beats. */
  silent({ time, processIps }: FaultContext): string[] {
    const atMs = time.now();
    return processIps.filter(
      (ip) => atMs - (this.#lastBeatMs.get(ip) ?? -Infinity) > 2 * beatMs,
    );
  }

  #look(ctx: FaultContext): Look {
    const { time, deadCount, processIps, isPartitioned } = ctx;
    const atMs = time.now();
    const silent = this.silent(ctx);
    const everybody = [...processIps, "10.1.0.1"];
    const cuts = everybody.flatMap((left) =>
      everybody.filter((right) => left < right && isPartitioned(left, right)),
    );
    return {
      atMs,
      deadCount,
      silentCount: silent.length,
      cutCount: cuts.length,
    };
  }
}
