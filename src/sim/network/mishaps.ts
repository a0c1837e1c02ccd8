/** What chance does to the bytes of one pipe: tears writes, shortens reads, flips bits. */
import { flipBits, flipCount } from "./bit-flips.ts";
import type { PipeParts } from "./pipe-parts.ts";

/** A torn write is not more pieces than this, however long it is. */
const piecesMax = 16;

/** Only asked where the link may harm bytes (`Link.mayHarm`), so that all others have nothing to do with it. */
export class Mishaps {
  readonly #parts: PipeParts;
  #stable = false;

  constructor(parts: PipeParts) {
    this.#parts = parts;
  }

  /** Spare this pipe from now on. */
  markStable(): void {
    this.#stable = true;
  }

  /** The pieces in which a write travels; `undefined` for one. */
  tear(bytes: Uint8Array): Uint8Array[] | undefined {
    const { forth: link, config } = this.#parts;
    if (this.#stable || bytes.length < 2) return undefined;
    if (!link.shortWrites.active(this.#nowMicros)) return undefined;
    const pieces: Uint8Array[] = [];
    let rest = bytes;
    while (pieces.length < piecesMax - 1 && rest.length > 1) {
      const length = this.#shorter(rest, config.partialWriteMaxBytes);
      pieces.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    pieces.push(rest);
    return pieces;
  }

  /** How many of these bytes a read yields. */
  readLength(bytes: Uint8Array): number {
    const { forth: link, config } = this.#parts;
    if (this.#stable || bytes.length < 2) return bytes.length;
    if (!link.shortReads.active(this.#nowMicros)) return bytes.length;
    return this.#shorter(bytes, config.partialReadMaxBytes);
  }

  /** Flip bits of what arrives, in place, if that is due. True when it was. */
  flip(bytes: Uint8Array): boolean {
    const { forth: link, config, faults } = this.#parts;
    if (this.#stable || !link.bitFlips.due(this.#nowMicros)) return false;
    const { bitFlipMinBits, bitFlipMaxBits } = config;
    const wanted = flipCount(link.chance, bitFlipMinBits, bitFlipMaxBits);
    flipBits(link.chance, bytes, wanted);
    faults.count("bit flip", link.from, link.to);
    return true;
  }

  get #nowMicros(): number {
    return this.#parts.receiver.engine.nowMicros;
  }

  #shorter(bytes: Uint8Array, most: number): number {
    return this.#parts.forth.chance.range(1, Math.min(bytes.length, most + 1));
  }
}
