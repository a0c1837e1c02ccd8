/** Messages that are too large for whoever they are for. */

/** A mistake of whoever made the message, of which both sides are told: sizes are no secret. */
export class TooLargeError extends RangeError {
  override readonly name = "TooLargeError";

  constructor(what: string, size: number, sizeMax: number) {
    super(
      `${what} of ${size} bytes is above the limit of the other side: ${sizeMax} bytes`,
    );
  }
}
