/** Where segments of a pipe wait for what the rules of a network say. */
import { Queue } from "../../base/queue.ts";
import { named } from "../event.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import { Hold } from "./hold.ts";
import type { PipeObserver, PipeParts } from "./pipe-parts.ts";
import type { Segment } from "./segment.ts";
import type { Reviewed } from "./traffic.ts";

/** Lets segments out one by one, in their order. */
export class Gate implements Reviewed {
  readonly #parts: PipeParts;
  readonly #observer: PipeObserver | undefined;
  readonly #leave: (segment: Segment) => void;
  readonly #waiting = new Queue<Segment>();
  readonly #hold = new Hold();
  #delaying = false;

  /** @param leave what a segment does that may pass. */
  constructor(
    parts: PipeParts,
    observer: PipeObserver | undefined,
    leave: (segment: Segment) => void,
  ) {
    this.#parts = parts;
    this.#observer = observer;
    this.#leave = leave;
  }

  /** A segment is ready to leave. */
  offer(segment: Segment): void {
    this.#waiting.push(segment);
    if (this.#waiting.size === 1) this.review();
  }

  /** Let out what may leave by now. */
  review(): void {
    const { traffic } = this.#parts;
    while (this.#waiting.size > 0 && !this.#delaying) {
      const verdict = traffic.judge(this.#parts, this.#waiting.peek());
      if (verdict === "hold") {
        traffic.holders.add(this);
        this.#hold.begin(this.#observer);
        return;
      }
      traffic.holders.delete(this);
      this.#hold.end(this.#observer);
      if (verdict === "pass") this.#leave(this.#waiting.shift());
      else if (verdict === "reset") this.#reset();
      else this.#delay(verdict.delayMs);
    }
  }

  /** The event of a delayed segment's leaving. */
  letOut(): void {
    this.#delaying = false;
    if (this.#waiting.size > 0) this.#leave(this.#waiting.shift());
    this.review();
  }

  /** Nothing that waits here leaves any more. */
  clear(): void {
    this.#waiting.clear();
    this.#parts.traffic.holders.delete(this);
  }

  #reset(): void {
    this.clear();
    this.#observer?.refused();
  }

  #delay(delayMs: number): void {
    this.#delaying = true;
    const { engine } = this.#parts.receiver;
    const micros = toMicros(delayMs);
    engine.schedule(micros, engine.root, EventKind.network, letOut, this);
  }
}

const letOut = named<Gate>(
  { kind: "connection", operation: "delay_over" },
  (gate) => gate.letOut(),
);
