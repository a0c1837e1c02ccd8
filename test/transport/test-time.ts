/** A clock that moves when it is told to. */
import type { TimeProvider, Timer } from "../../src/core/index.ts";

interface Pending {
  readonly atMs: number;
  readonly callback: () => void;
}

export class TestTime implements TimeProvider {
  #nowMs = 0;
  readonly #pending = new Set<Pending>();

  /** Timers that have neither fired nor been cancelled. */
  get timerCount(): number {
    return this.#pending.size;
  }

  now(): number {
    return this.#nowMs;
  }

  timer(): number {
    return this.#nowMs;
  }

  wallClock(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(ms, resolve));
  }

  schedule(ms: number, callback: () => void): Timer {
    const pending = { atMs: this.#nowMs + ms, callback };
    this.#pending.add(pending);
    return { cancel: () => this.#pending.delete(pending) };
  }

  /** Let time pass unnoticed, as for a process that stands still: what is due fires only then, and late. */
  stall(ms: number): void {
    this.#nowMs += ms;
    for (const next of [...this.#pending]) {
      if (next.atMs > this.#nowMs) continue;
      this.#pending.delete(next);
      next.callback();
    }
  }

  /** Let time pass, and fire what is due, in order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#pending].sort(
        (left, right) => left.atMs - right.atMs,
      );
      if (next === undefined || next.atMs > untilMs) break;
      this.#pending.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}
