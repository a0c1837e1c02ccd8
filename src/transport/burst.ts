/** How much of what comes up at once is gathered before the first of it leaves. */

/**
 * The messages of one burst are written in pieces, each twice as large as the one before: the other side works on the
 * first while the rest is still being made, and however many there are, few writes carry them (bench rows `rpc.unary`
 * and `rpc.stream`). Large messages leave as soon as they are worth a write: gathered, they would leave the cache before
 * they are written (`rpc.unary.64KiB`).
 */
export class Burst {
  #count = 0;
  #bytes = 0;
  #pieceCount = firstPiece;

  /** Another burst begins. */
  begin(): void {
    this.#count = 0;
    this.#bytes = 0;
    this.#pieceCount = firstPiece;
  }

  /** There is one more message, of so many bytes. Whether a piece is complete. */
  grow(size: number): boolean {
    this.#count += 1;
    this.#bytes += size;
    const isMany = this.#count >= this.#pieceCount;
    if (!isMany && this.#bytes < pieceBytes) return false;
    this.#count = 0;
    this.#bytes = 0;
    if (isMany) this.#pieceCount *= 2;
    return true;
  }
}

/** Messages of the first piece: with fewer the writes cost more than they win, with more the other side idles. */
const firstPiece = 16;
/** What is worth a write, in bytes. */
const pieceBytes = 65_536;
