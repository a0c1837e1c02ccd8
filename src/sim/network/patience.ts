/** How long one end of a connection waits for what is held or lost before it gives up. */
import { named } from "../event.ts";
import type { EventHandle } from "../event-queue.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import type { MsRange } from "./latency.ts";

/** Lasts as long as anything is held, this way or that; what is lost for good ends it for sure. */
export class Patience {
  readonly #handle: SimHandle;
  readonly #lastsMs: MsRange;
  readonly #onEnd: () => void;
  #timer: EventHandle | undefined;
  /** How much is held: bytes, and news of room, this way and that. */
  #held = 0;
  #lost = false;
  #over = false;

  /** @param onEnd called when it is at its end. */
  constructor(handle: SimHandle, lastsMs: MsRange, onEnd: () => void) {
    this.#handle = handle;
    this.#lastsMs = lastsMs;
    this.#onEnd = onEnd;
  }

  /** Something is held. */
  held(): void {
    this.#held += 1;
    this.#begin();
  }

  /** It travels on. */
  passed(): void {
    this.#held -= 1;
    if (this.#held === 0 && !this.#lost) this.#cancel();
  }

  /** Something is lost: nothing that still arrives keeps this end from giving up. */
  lost(): void {
    this.#lost = true;
    this.#begin();
  }

  /** Nobody waits any more. */
  stop(): void {
    this.#over = true;
    this.#cancel();
  }

  /** The event of having waited too long. */
  end(): void {
    this.#timer = undefined;
    this.#onEnd();
  }

  #begin(): void {
    const { engine, incarnation } = this.#handle;
    if (this.#timer !== undefined || this.#over || !incarnation.alive) return;
    const [fromMs, toMs] = this.#lastsMs;
    const ratio = engine.stream(`timeouts ${incarnation.ip}`).ratio();
    this.#timer = engine.schedule(
      toMicros(fromMs + ratio * (toMs - fromMs)),
      incarnation,
      EventKind.network,
      end,
      this,
    );
  }

  #cancel(): void {
    if (this.#timer === undefined) return;
    this.#handle.engine.cancel(this.#timer);
    this.#timer = undefined;
  }
}

const end = named<Patience>(
  { kind: "connection", operation: "given_up" },
  (patience) => patience.end(),
);
