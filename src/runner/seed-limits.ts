/** What ends a seed that does not end by itself. */
import type { SimWorld } from "../sim/index.ts";
import type { FailureLog } from "./failure-log.ts";
import type { CurrentPhase } from "./phase.ts";
import type { Waiting } from "./waiting.ts";

export interface SeedLimitsParts {
  readonly world: SimWorld;
  readonly phase: CurrentPhase;
  readonly failures: FailureLog;
  /** Simulated time that the seed may take. */
  readonly budgetMs: number;
  /** Who waits for what at this moment. */
  readonly waiting: () => Waiting[];
}

/** More events than this in one seed is a loop that never ends. */
const eventsMax = 20_000_000;

export class SeedLimits {
  readonly #parts: SeedLimitsParts;
  #spent = false;

  constructor(parts: SeedLimitsParts) {
    this.#parts = parts;
  }

  /** Where simulated time is limited, an event ends the seed when that time has come. */
  begin(): void {
    const { world, budgetMs } = this.#parts;
    if (budgetMs !== Infinity)
      world.time.schedule(budgetMs, () => {
        this.#spent = true;
      });
  }

  /** Whether it must go no further. Asked before every event, so it allocates nothing. */
  get reached(): boolean {
    return this.#spent || this.#parts.world.steps > eventsMax;
  }

  /** The seed stopped before its story was over: put down why. */
  explain(): void {
    this.#parts.failures.add("stuck", this.#reason(), {
      waiting: this.#parts.waiting(),
    });
  }

  #reason(): string {
    const { world, phase, budgetMs } = this.#parts;
    if (this.#spent)
      return `${phase.name} was not over when the ${budgetMs} ms were that runTimeBudgetMs gives a seed`;
    return world.steps > eventsMax
      ? `the seed did not end within ${eventsMax} events`
      : "nothing is left to happen, and the seed is not over";
  }
}
