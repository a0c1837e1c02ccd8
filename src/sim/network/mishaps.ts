/** What chance does to the bytes of one pipe: tears writes, shortens reads, flips bits. */
import type { Engine } from "../engine.ts";
import type { FaultLog } from "../fault-log.ts";
import { flipBits, flipCount } from "./bit-flips.ts";
import type { Link } from "./link.ts";
import type { NetworkConfiguration } from "./network-config.ts";

export interface MishapParts {
  readonly engine: Engine;
  readonly link: Link;
  readonly config: Readonly<NetworkConfiguration>;
  readonly faults: FaultLog;
}

/** A torn write is not more pieces than this, however long it is. */
const piecesMax = 16;

/** Each question is one comparison while nothing strikes (bench row `sim.calls`). */
export class Mishaps {
  readonly #parts: MishapParts;
  #stable = false;

  constructor(parts: MishapParts) {
    this.#parts = parts;
  }

  /** Spare this pipe from now on. */
  markStable(): void {
    this.#stable = true;
  }

  /** The pieces in which a write travels; `undefined` for one. */
  tear(bytes: Uint8Array): Uint8Array[] | undefined {
    const { engine, link, config } = this.#parts;
    if (this.#stable || bytes.length < 2) return undefined;
    if (!link.shortWrites.active(engine.nowMicros)) return undefined;
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
    const { engine, link, config } = this.#parts;
    if (this.#stable || bytes.length < 2) return bytes.length;
    if (!link.shortReads.active(engine.nowMicros)) return bytes.length;
    return this.#shorter(bytes, config.partialReadMaxBytes);
  }

  /** Flip bits of what arrives, in place, if that is due. True when it was. */
  flip(bytes: Uint8Array): boolean {
    const { engine, link, config, faults } = this.#parts;
    if (this.#stable || !link.bitFlips.due(engine.nowMicros)) return false;
    const { bitFlipMinBits, bitFlipMaxBits } = config;
    const wanted = flipCount(link.chance, bitFlipMinBits, bitFlipMaxBits);
    flipBits(link.chance, bytes, wanted);
    faults.count("bit flip", link.from, link.to);
    return true;
  }

  #shorter(bytes: Uint8Array, most: number): number {
    return this.#parts.link.chance.range(1, Math.min(bytes.length, most + 1));
  }
}
