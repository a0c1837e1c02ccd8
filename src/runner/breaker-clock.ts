/** The clock of one who breaks things: the world's, which remembers what it is asked to wait for. */
import type { SleepOptions, TimeProvider, Timer } from "../core/index.ts";

/** Something that is due, unless it is taken back. */
interface Wait {
  readonly what: "sleep" | "timer";
  readonly dueMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What has come is forgotten now and then, and left out when somebody asks: to be told of it would take a
 * reaction to promises that are the injector's own, and hide it when nobody handles their rejection.
 */
export class BreakerClock implements TimeProvider {
  readonly #time: TimeProvider;
  readonly #waits = new Set<Wait>();
  /** How many may be remembered before what has come is looked for: each wait pays for one look at most. */
  #sizeMax = sizeLeast;

  constructor(time: TimeProvider) {
    this.#time = time;
  }

  /** What is still to come, for reports: `a sleep due at 12.5 ms`. */
  get waits(): readonly string[] {
    this.#forgetPast();
    return [...this.#waits].map(
      ({ what, dueMs }) => `a ${what} due at ${dueMs} ms`,
    );
  }

  now(): number {
    return this.#time.now();
  }

  timer(): number {
    return this.#time.timer();
  }

  wallClock(): number {
    return this.#time.wallClock();
  }

  sleep(ms: number, options?: SleepOptions): Promise<void> {
    const sleeping = this.#time.sleep(ms, options);
    this.#remember("sleep", ms, options?.signal);
    return sleeping;
  }

  schedule(ms: number, callback: () => void): Timer {
    const timer = this.#time.schedule(ms, callback);
    const wait = this.#remember("timer", ms);
    return {
      cancel: () => {
        this.#waits.delete(wait);
        timer.cancel();
      },
    };
  }

  #remember(what: Wait["what"], ms: number, signal?: AbortSignal): Wait {
    const wait = { what, dueMs: this.now() + ms, signal };
    this.#waits.add(wait);
    if (this.#waits.size > this.#sizeMax) {
      this.#forgetPast();
      this.#sizeMax = Math.max(sizeLeast, 2 * this.#waits.size);
    }
    return wait;
  }

  #forgetPast(): void {
    const nowMs = this.now();
    for (const wait of this.#waits) {
      // What is due now has come, or is about to.
      if (wait.dueMs <= nowMs || wait.signal?.aborted === true)
        this.#waits.delete(wait);
    }
  }
}

const sizeLeast = 16;
