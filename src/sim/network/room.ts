/** The room that a pipe has: how much was written and not read, and who waits to write more. */
import { named } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import { Hold } from "./hold.ts";
import type { PipeObserver, PipeParts } from "./pipe-parts.ts";
import { Writers } from "./writers.ts";

/** News of room travels back to the writer, as late as everything else, and is held as everything else is. */
export class Room {
  // What every segment needs comes first, side by side (bench row `sim.scale`).
  #unreadBytes = 0;
  /** Those who wait, from the first on that ever did. */
  #writers: Writers | undefined;
  readonly #windowBytes: number;
  readonly #parts: PipeParts;
  #hold: Hold | undefined;
  #observer: PipeObserver | undefined;
  #cut = false;
  /** Whether news wait for the cut to be restored. */
  #newsHeld = false;

  constructor(parts: PipeParts) {
    this.#parts = parts;
    this.#windowBytes = parts.config.windowBytes;
  }

  observe(observer: PipeObserver): void {
    this.#observer = observer;
  }

  /** Whether a writer waits. */
  get waiting(): boolean {
    return this.#writers?.waiting ?? false;
  }

  /** So many bytes were written. */
  fill(bytes: number): void {
    this.#unreadBytes += bytes;
  }

  /** So many were read: send word to a writer who waits. */
  empty(bytes: number): void {
    this.#unreadBytes -= bytes;
    if (this.#writers === undefined) return;
    if (!this.#writers.waiting || !this.#enough()) return;
    const { back, sender } = this.#parts;
    back.carry(sender.incarnation, arrive, this);
  }

  /** Resolves when there is room for more. */
  left(): Promise<void> {
    if (this.#unreadBytes <= this.#windowBytes) return roomLeft;
    this.#writers ??= new Writers();
    return this.#writers.wait();
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
      this.#holdOn();
    } else if (back.blocked) {
      back.hold(sender.incarnation, arrive, this);
      if (back.severed) this.#holdOn();
    } else {
      this.#hold?.end(this.#observer);
      if (this.#enough()) this.#writers?.letGo();
    }
  }

  /** Nobody needs to wait any more, as soon as may be. */
  open(): void {
    this.#schedule(letGo);
  }

  /** The event of that. */
  letGo(): void {
    this.#writers?.letGo();
  }

  /** Reject who waits. */
  fail(error: Error): void {
    this.#writers?.fail(error);
  }

  /** Drop who waits, unsettled. */
  forget(): void {
    this.#writers?.forget();
  }

  #enough(): boolean {
    return this.#unreadBytes <= this.#windowBytes / 2;
  }

  #holdOn(): void {
    this.#hold ??= new Hold();
    this.#hold.begin(this.#observer);
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
