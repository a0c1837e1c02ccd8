/** Where in the code the things of processes were made: looked up only in a world that is asked to keep it. */

/** A place in the code, as the error that was made there: its stack is put into words only when somebody reads it. */
export type Origin = Error;

/** Remembers for each thing where it was made, for as long as the thing is there. */
export class Origins {
  readonly #byThing = new WeakMap<object, Origin>();

  /** The place that runs now. */
  here(): Origin {
    return new Error("made here");
  }

  /** This thing was made there; by default, here. */
  keep(thing: object, origin: Origin | undefined = this.here()): void {
    this.#byThing.set(thing, origin);
  }

  of(thing: unknown): Origin | undefined {
    return this.#byThing.get(thing as object);
  }
}
