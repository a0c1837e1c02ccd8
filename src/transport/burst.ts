/** How much of what comes up at once is gathered before the first of it leaves. */

/**
 * The messages of one burst are written in pieces, each twice as large as the one before: the other side works on the
 * first while the rest is still being made, and however many there are, few writes carry them (bench rows `rpc.unary`
 * and `rpc.stream`).
 */
export class Burst {
  #count = 0;
  #pieceCount = firstPiece;

  /** The first message of another burst. */
  begin(): void {
    this.#count = 1;
    this.#pieceCount = firstPiece;
  }

  /** One more. Whether a piece is complete. */
  grow(): boolean {
    this.#count += 1;
    if (this.#count < this.#pieceCount) return false;
    this.#count = 0;
    this.#pieceCount *= 2;
    return true;
  }
}

/** Messages of the first piece: with fewer the writes cost more than they win, with more the other side idles. */
const firstPiece = 16;
