/** Work that goes on in the world, and whose end the runner waits for. */
import type { SimWorld } from "../sim/index.ts";

/** One piece of work of one member. */
export interface Tracked {
  readonly name: string;
  readonly work: () => Promise<void>;
}

/** Counts down the pieces that have not ended, and tells those that wait. */
export class Tracker {
  readonly #world: SimWorld;
  readonly #pending = new Set<string>();
  readonly #onError: (name: string, error: unknown) => void;
  #wake: (() => void) | undefined;

  constructor(
    world: SimWorld,
    onError: (name: string, error: unknown) => void,
  ) {
    this.#world = world;
    this.#onError = onError;
  }

  /** The names of those that have not ended. */
  get pending(): string[] {
    return [...this.#pending];
  }

  /** Whether all have ended. Asked after every event, so it allocates nothing. */
  get idle(): boolean {
    return this.#pending.size === 0;
  }

  /** Follow a piece of work that is being started now. */
  follow({ name, work }: Tracked): void {
    this.#pending.add(name);
    const ended = (): void => this.ended(name);
    const started = async (): Promise<void> => work();
    started().then(ended, (error: unknown) => {
      this.#onError(name, error);
      ended();
    });
  }

  /** It has ended, one way or the other. */
  ended(name: string): void {
    if (this.#pending.delete(name) && this.idle) this.#wake?.();
  }

  /** Wait until nothing is pending, for `ms` at most. True when nothing is. */
  drained(ms: number): Promise<boolean> {
    if (this.idle) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = this.#world.time.schedule(ms, () =>
        this.#settle(resolve, false),
      );
      this.#wake = () => {
        timer.cancel();
        // The last one to end speaks in its own step; whoever waits goes on in one of the world's.
        this.#world.time.schedule(0, () => this.#settle(resolve, true));
      };
    });
  }

  #settle(resolve: (drained: boolean) => void, drained: boolean): void {
    this.#wake = undefined;
    resolve(drained);
  }
}
