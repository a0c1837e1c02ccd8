/** Where workloads act: each on a machine of its own, which lives as long as the seed. */
import type { SimProviders, SimWorld } from "../sim/index.ts";
import type { Actor, Cast } from "./cast.ts";
import {
  createContext,
  type ContextParts,
  type SimContext,
} from "./context.ts";
import { untilChaosIsOver, type FaultContext } from "./faults.ts";
import type { Workload } from "./program.ts";
import type { Member } from "./topology.ts";
import { Tracker } from "./tracked.ts";

/** One of a workload's three parts. */
export type WorkloadStep = (
  ctx: SimContext,
  workload: Workload,
) => Promise<void> | undefined;

export interface StageParts {
  readonly world: SimWorld;
  readonly cast: Cast;
  readonly context: ContextParts;
  readonly onError: (what: string, error: unknown) => void;
}

/**
 * Whose part threw, died or never ended plays no later one: what it knows is incomplete, and what a dead one holds is
 * inert. Others go on.
 */
export class Stage {
  readonly #world: SimWorld;
  readonly #cast: Cast;
  readonly #parts: ContextParts;
  readonly #onError: (what: string, error: unknown) => void;
  readonly #contexts = new Map<string, SimContext>();
  /** The names of those that play no more. */
  readonly #failed = new Set<string>();
  #tracker: Tracker | undefined;
  #attacking: Tracker | undefined;

  constructor(parts: StageParts) {
    this.#world = parts.world;
    this.#cast = parts.cast;
    this.#parts = parts.context;
    this.#onError = parts.onError;
  }

  /** Whether nobody acts but those who attack. */
  get isEmpty(): boolean {
    return this.#cast.workloads.every(({ attack }) => attack !== undefined);
  }

  /** The names of those who attack, if anybody does. */
  get attackers(): readonly string[] | undefined {
    const attacking = this.#cast.workloads.filter(({ attack }) => attack);
    if (attacking.length === 0) return undefined;
    return attacking.map(({ member }) => member.name);
  }

  /** Ask everybody to stop. */
  stopAll(): void {
    for (const { member } of this.#cast.workloads) this.#world.stop(member.ip);
  }

  /** The names of those that are in the middle of a part. */
  get busy(): readonly string[] {
    return this.#tracker?.pending ?? [];
  }

  /** Let every workload that has not failed begin one of its parts. */
  begin(part: string, step: WorkloadStep): Tracker {
    const tracker = new Tracker(this.#world, (name, error) => {
      this.giveUp(name);
      this.#onError(`${name}.${part}`, error);
    });
    this.#tracker = tracker;
    for (const { member, workload } of this.#able()) {
      tracker.follow({
        name: member.name,
        work: () => this.#act(member, (ctx) => step(ctx, workload)),
      });
    }
    return tracker;
  }

  /** The workload of that name has failed. */
  giveUp(name: string): void {
    this.#failed.add(name);
  }

  /** Let every attack begin, with hands for each; `tracker` is told how it ends. */
  attack(tracker: Tracker, hands: (name: string) => FaultContext): void {
    this.#attacking = tracker;
    for (const { member, attack } of this.#able()) {
      if (attack === undefined) continue;
      const faults = hands(member.name);
      tracker.follow({
        name: member.name,
        work: () =>
          this.#act(member, (ctx) =>
            untilChaosIsOver(faults, () => attack.attack(faults, ctx)),
          ).catch((error: unknown) => {
            this.giveUp(member.name);
            throw error;
          }),
      });
    }
  }

  /** A machine died of an error. If a workload's, its part is over, and it plays no other. */
  crashed(ip: string): void {
    const member = this.#cast.topology.workloads.find(
      (workload) => workload.ip === ip,
    );
    if (member === undefined) return;
    this.giveUp(member.name);
    this.#tracker?.ended(member.name);
    this.#attacking?.ended(member.name);
  }

  #able(): readonly Actor[] {
    return this.#cast.workloads.filter(
      ({ member }) => !this.#failed.has(member.name),
    );
  }

  #act(
    member: Member,
    work: (ctx: SimContext) => Promise<void> | undefined,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#world.boot(member.ip, async (providers, incarnation) => {
        try {
          resolve(
            await work(this.#context(member, providers, incarnation.shutdown)),
          );
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  #context(
    member: Member,
    providers: SimProviders,
    shutdown: AbortSignal,
  ): SimContext {
    let ctx = this.#contexts.get(member.ip);
    if (ctx === undefined) {
      const { state } = providers;
      ctx = createContext({ member, providers, shutdown, state }, this.#parts);
      this.#contexts.set(member.ip, ctx);
    }
    return ctx;
  }
}
