/** Who was read last, and when. */

/** Tells a connection that is read whether there are others. */
export class LastReads {
  /** When another than the last one was read for the last time. */
  otherMs: number = -Infinity;
  #last: object | undefined;
  #lastMs = -Infinity;

  /** This one is read now. */
  note(reader: object, nowMs: number): void {
    if (reader !== this.#last) {
      this.otherMs = this.#lastMs;
      this.#last = reader;
    }
    this.#lastMs = nowMs;
  }
}
