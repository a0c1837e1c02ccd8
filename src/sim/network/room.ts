/** Where writers wait for room in a pipe. */
import { named } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import { Hold } from "./hold.ts";
import type { PipeObserver, PipeParts } from "./pipe-parts.ts";
import { Writers } from "./writers.ts";

/** News of room travels back to the writer, as late as everything else, and is held as everything else is. */
export class Room {
  readonly #parts: PipeParts;
  readonly #observer: PipeObserver | undefined;
  readonly #isEnough: () => boolean;
  readonly #writers = new Writers();
  readonly #hold = new Hold();
  #cut = false;
  /** Whether news wait for the cut to be restored. */
  #newsHeld = false;

  /** @param isEnough whether there is so much room that writers may go on. */
  constructor(
    parts: PipeParts,
    observer: PipeObserver | undefined,
    isEnough: () => boolean,
  ) {
    this.#parts = parts;
    this.#observer = observer;
    this.#isEnough = isEnough;
  }

  /** Whether a writer waits. */
  get waiting(): boolean {
    return this.#writers.waiting;
  }

  /** Resolves when there is room for more. */
  wait(): Promise<void> {
    return this.#writers.wait();
  }

  /** Something was read: send word to a writer who waits. */
  freed(): void {
    if (!this.#writers.waiting || !this.#isEnough()) return;
    const { back, sender } = this.#parts;
    back.carry(sender.incarnation, arrive, this);
  }

  /** Hold news until `restore`. */
  cut(): void {
    this.#cut = true;
  }

  restore(): void {
    this.#cut = false;
    if (this.#newsHeld) this.#schedule(arrive);
    this.#newsHeld = false;
  }

  /** The event of the news that there is room again. */
  arrive(): void {
    const { back, sender } = this.#parts;
    if (this.#cut) {
      this.#newsHeld = true;
      this.#hold.begin(this.#observer);
    } else if (back.blocked) {
      back.hold(sender.incarnation, arrive, this);
      if (back.severed) this.#hold.begin(this.#observer);
    } else {
      this.#hold.end(this.#observer);
      if (this.#isEnough()) this.#writers.letGo();
    }
  }

  /** Nobody needs to wait any more, as soon as may be. */
  open(): void {
    this.#schedule(letGo);
  }

  /** The event of that. */
  letGo(): void {
    this.#writers.letGo();
  }

  /** Reject who waits. */
  fail(error: Error): void {
    this.#writers.fail(error);
  }

  /** Drop who waits, unsettled. */
  forget(): void {
    this.#writers.forget();
  }

  #schedule(action: (room: Room) => void): void {
    const { engine, incarnation }: SimHandle = this.#parts.sender;
    if (!incarnation.alive) return;
    engine.schedule(0, incarnation, EventKind.network, action, this);
  }
}

export const roomLeft: Promise<void> = Promise.resolve();

const arrive = named<Room>({ kind: "network", operation: "room" }, (room) =>
  room.arrive(),
);
const letGo = named<Room>(
  { kind: "connection", operation: "writers_released" },
  (room) => room.letGo(),
);
