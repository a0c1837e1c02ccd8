/** The frames of all connections whose end has not arrived. */
import type { DeadlineQueue, Expiring } from "./deadline-queue.ts";
import type { TransportConfig } from "./transport-config.ts";

/** A connection, as far as it may keep others waiting for the rest of a frame. */
export interface FrameHolder {
  /** Bytes of its unfinished frame; 0 when it has none. */
  readonly heldSize: number;
  /** Which of its frames that is. */
  readonly heldNumber: number;
  /** The rest has not come in time. Closes the connection. */
  frameTimedOut(): void;
  /** Others need the room. Closes the connection. */
  frameCrowdedOut(): void;
}

/** What was noted of a holder. */
interface Held {
  bytes: number;
  readonly number: number;
  readonly sinceMs: number;
}

/**
 * 1. Together they hold no more than `unfinishedBytesMax`: whoever has kept us waiting longest has to go.
 * 2. None is kept for longer than `frameTimeoutMs`, however steadily it grows.
 * 3. A timer runs only while there are any.
 */
export class UnfinishedFrames implements Expiring {
  deadlineMs = 0;
  queueIndex = -1;
  readonly #config: Readonly<TransportConfig>;
  readonly #timers: DeadlineQueue;
  /** Longest waiting first. */
  readonly #held = new Map<FrameHolder, Held>();
  #bytes = 0;

  constructor(config: Readonly<TransportConfig>, timers: DeadlineQueue) {
    this.#config = config;
    this.#timers = timers;
  }

  /** What they hold together. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Some more of what a connection sends has been read. */
  note(holder: FrameHolder, nowMs: number): void {
    const { heldSize: bytes, heldNumber: number } = holder;
    const held = this.#held.get(holder);
    if (held !== undefined && bytes > 0 && held.number === number) {
      this.#bytes += bytes - held.bytes;
      held.bytes = bytes;
    } else if (bytes === 0) {
      this.delete(holder);
      return;
    } else {
      // Those who wait longest come first. The timer stays as it is: of many frames, hardly any waits for it.
      if (held !== undefined) this.#bytes -= held.bytes;
      this.#held.delete(holder);
      this.#bytes += bytes;
      this.#held.set(holder, { bytes, number, sinceMs: nowMs });
      if (this.queueIndex === -1) this.#watch(nowMs);
    }
    this.#makeRoom();
  }

  /** The connection is gone, or has nothing unfinished. */
  delete(holder: FrameHolder): void {
    const held = this.#held.get(holder);
    if (held === undefined) return;
    this.#bytes -= held.bytes;
    this.#held.delete(holder);
    if (this.#held.size === 0) this.#timers.delete(this);
  }

  expire(): void {
    const dueMs = this.deadlineMs - this.#config.frameTimeoutMs + roundingMs;
    for (const [holder, { sinceMs }] of this.#held) {
      if (sinceMs > dueMs) return this.#watch(sinceMs);
      holder.frameTimedOut();
    }
  }

  #watch(sinceMs: number): void {
    this.deadlineMs = sinceMs + this.#config.frameTimeoutMs;
    this.#timers.add(this);
  }

  #makeRoom(): void {
    for (const [holder] of this.#held) {
      if (this.#bytes <= this.#config.unfinishedBytesMax) return;
      holder.frameCrowdedOut();
    }
  }
}

/** Clocks count microseconds, so a smaller remainder is none. */
const roundingMs = 0.001;
