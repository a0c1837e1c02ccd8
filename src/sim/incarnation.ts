/** One life of a process: from its boot to its death. */
import type { Inspection } from "./inventory.ts";
import type { Owner } from "./owner.ts";

/**
 * The authority that every provider handle carries. When it dies, its handles go inert: their calls have no effect and
 * their promises never settle, so that no line of the dead process runs again, not even a `finally`.
 */
export class Incarnation implements Owner {
  // What every event asks comes first, side by side (bench row `sim.scale`).
  readonly id: number;
  #alive = true;
  readonly ip: string;
  /** 1 for the first life at this address. */
  readonly life: number;
  /** What to cut when it dies: connections and listeners. In order of creation, so that a kill is deterministic. */
  readonly belongings: Set<Belonging> = new Set();
  readonly #releases = new Set<() => void>();
  /** Until then it stands still: the engine puts off what is due. */
  resumeAtMicros = 0;
  #stop: AbortController = new AbortController();

  constructor(id: number, ip: string, life: number) {
    this.id = id;
    this.ip = ip;
    this.life = life;
  }

  get name(): string {
    return this.life === 1 ? this.ip : `${this.ip} (life ${this.life})`;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Fires when the process is asked to stop. */
  get shutdown(): AbortSignal {
    return this.#stop.signal;
  }

  /** Ask it to stop. Its code decides what to do about it. */
  stop(reason: unknown): void {
    if (this.#alive) this.#stop.abort(reason);
  }

  /** Call `release` when it is gone. Returns a function that takes that back. */
  onGone(release: () => void): () => void {
    this.#releases.add(release);
    return () => this.#releases.delete(release);
  }

  /** Nothing of it is left: the machine gets back what it kept for it. */
  gone(): void {
    for (const release of this.#releases) release();
    this.#releases.clear();
  }

  /** From now on its handles are inert. Others may hold those for long, so who listened for a stop is let go. */
  markDead(): void {
    this.#alive = false;
    this.#stop = new AbortController();
  }
}

/** Something of a process that others can notice when it is gone. */
export interface Belonging {
  /** The process is dead: unless its machine is as well, tell those on the other side, by events, and let go. */
  severed(silently?: boolean): void;
  /** What it is, and what its process waits for on it. */
  inspect(): Inspection;
}
