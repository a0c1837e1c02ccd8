/** Cuts a stream of arbitrary chunks into frames. */
import { emptyBytes } from "../base/bytes.ts";
import { Crc32c } from "./crc32c.ts";
import {
  CHECKSUM_OFFSET,
  MAX_PAYLOAD_SIZE,
  readLength,
  TOKEN_OFFSET,
} from "./frame.ts";
import { readInt32 } from "./little-endian.ts";
import { WireError } from "./wire-error.ts";

/** Takes whole, verified frames. */
export interface FrameSink {
  /**
   * A frame lies in `bytes` from `start` (its header) to `end`. The bytes stay
   * as they are, so views of them may be kept.
   */
  frame(bytes: Uint8Array, start: number, end: number): void;
}

/**
 * Turns chunks into frames. Does no I/O and keeps no clock.
 *
 * 1. A frame that lies whole in a chunk is handed over in place, uncopied.
 * 2. A frame in pieces is copied into an array of its length, or of twice what is there if that is less: the cost is
 *    linear, and a length that is merely claimed costs no more than that.
 * 3. A bad length is refused as soon as its four bytes are there.
 * 4. After a `WireError`, or `stop()`, no more frames come.
 */
export class FrameReader {
  /** Payloads above this are refused. May be changed between frames. */
  payloadSizeMax: number;
  readonly #sum = new Crc32c();
  #stopped = false;
  /** The beginning of a frame whose end has not arrived. */
  #held = emptyBytes;
  #heldSize = 0;
  #heldNumber = 0;

  constructor(payloadSizeMax: number = MAX_PAYLOAD_SIZE) {
    this.payloadSizeMax = payloadSizeMax;
  }

  /** Bytes of an unfinished frame that wait for the rest. */
  get heldSize(): number {
    return this.#heldSize;
  }

  /** Which frame that is, among those that came in pieces. */
  get heldNumber(): number {
    return this.#heldNumber;
  }

  /**
   * Accept a chunk and hand on every frame that it completes, or about so many of them. Answers how many of its bytes
   * were taken: the rest, if any, is to be pushed next. Throws `WireError`.
   */
  push(
    chunk: Uint8Array,
    sink: FrameSink,
    countMax: number = Infinity,
  ): number {
    let start = this.#heldSize === 0 ? 0 : this.#completeHeld(chunk, sink);
    let left = countMax;
    while (chunk.length - start >= 4 && !this.#stopped) {
      const end = start + this.#length(chunk, start);
      if (end > chunk.length) break;
      if (left === 0) return start;
      left -= 1;
      this.#verify(chunk, start, end);
      sink.frame(chunk, start, end);
      start = end;
    }
    if (start < chunk.length && !this.#stopped) this.#hold(chunk, start);
    return chunk.length;
  }

  /** Hand on nothing more, not even the rest of the present chunk. */
  stop(): void {
    this.#stopped = true;
    this.#held = emptyBytes;
    this.#heldSize = 0;
  }

  /** Feed the unfinished frame first. Answers where in the chunk it ended. */
  #completeHeld(chunk: Uint8Array, sink: FrameSink): number {
    let start = 0;
    if (this.#heldSize < 4) {
      start = this.#append(chunk, 0, 4);
      if (this.#heldSize < 4) return start;
    }
    const length = this.#length(this.#held, 0);
    start = this.#append(chunk, start, length);
    if (this.#heldSize < length) return start;
    const frame = this.#held;
    this.#held = emptyBytes;
    this.#heldSize = 0;
    this.#verify(frame, 0, length);
    sink.frame(frame, 0, length);
    return start;
  }

  #hold(chunk: Uint8Array, start: number): void {
    const here = chunk.length - start;
    const length = here < 4 ? 0 : this.#length(chunk, start);
    const size = Math.max(Math.min(length, here * growth), heldSizeMin);
    this.#held = new Uint8Array(size);
    this.#heldSize = 0;
    this.#heldNumber += 1;
    this.#append(chunk, start, Infinity);
  }

  /** Copy from `start` until `size` bytes are held. Answers where it stopped. */
  #append(chunk: Uint8Array, start: number, size: number): number {
    const count = Math.min(size - this.#heldSize, chunk.length - start);
    this.#reserve(this.#heldSize + count, size);
    const end = start + count;
    this.#held.set(chunk.subarray(start, end), this.#heldSize);
    this.#heldSize += count;
    return end;
  }

  #reserve(needed: number, size: number): void {
    if (needed <= this.#held.length) return;
    const grown = Math.max(needed, Math.min(size, needed * growth));
    const larger = new Uint8Array(grown);
    larger.set(this.#held.subarray(0, this.#heldSize));
    this.#held = larger;
  }

  #length(bytes: Uint8Array, start: number): number {
    try {
      return readLength(bytes, start, this.payloadSizeMax);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  #verify(bytes: Uint8Array, start: number, end: number): void {
    const expected = readInt32(bytes, start + CHECKSUM_OFFSET) >>> 0;
    const sum = this.#sum
      .reset()
      .addByScript(bytes, start, start + CHECKSUM_OFFSET);
    const actual = sum.add(bytes, start + TOKEN_OFFSET, end).value;
    if (actual === expected) return;
    this.stop();
    const message = `the checksum is ${actual}, the frame says ${expected}`;
    throw new WireError("checksum_mismatch", message, { expected, actual });
  }
}

const heldSizeMin = 64;
/** How many times what is there an array may take. */
const growth = 2;
