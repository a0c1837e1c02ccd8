/** Gathers many frames into few pieces of memory, to be written in one go. */
import { emptyBytes } from "../base/bytes.ts";
import { Crc32c } from "./crc32c.ts";
import {
  CHECKSUM_OFFSET,
  HEADER_SIZE,
  type Token,
  TOKEN_OFFSET,
  writeToken,
} from "./frame.ts";
import { writeInt32 } from "./little-endian.ts";

/** Bodies from this size on travel as their own chunk, uncopied. */
export const SEPARATE_BODY_SIZE_MIN = 8192;

/**
 * Builds frames, one after the other: `begin`, write the head, `finish`.
 *
 * 1. Memory that was taken is never written again: whoever took it keeps it.
 * 2. Small bodies are copied into the slab, so many frames leave as one chunk.
 * 3. Between `begin` and `finish`, and between the first frame and `take()`,
 *    nobody else may use the writer: it may serve many connections in turn.
 */
export class FrameWriter {
  /** Where the head goes, at the offset that `begin` answered. */
  buffer: Uint8Array = emptyBytes;
  /** How large the next slab is. Small at first: most processes have little to say. */
  #slabSize: number;
  readonly #slabSizeMax: number;
  readonly #sum = new Crc32c();
  #chunks: Uint8Array[] = [];
  /** Bytes in `#chunks`. */
  #chunksSize = 0;
  /** What is in the slab and not yet in `#chunks`. */
  #start = 0;
  #end = 0;
  #frameStart = 0;
  #headEnd = 0;
  #body = emptyBytes;

  constructor(slabSizeMax = 65_536) {
    this.#slabSize = Math.min(slabSizeMax, 2_048);
    this.#slabSizeMax = slabSizeMax;
  }

  /** Bytes gathered since the last `take()`. */
  get size(): number {
    return this.#chunksSize + this.#end - this.#start;
  }

  /**
   * Start a frame whose payload is a head of `headSize` bytes and then `body`.
   * Answers where in `buffer` the caller has to write the head.
   */
  begin(token: Token, headSize: number, body: Uint8Array): number {
    const copied = body.length < SEPARATE_BODY_SIZE_MIN ? body.length : 0;
    this.#reserve(HEADER_SIZE + headSize + copied);
    this.#frameStart = this.#end;
    this.#headEnd = this.#end + HEADER_SIZE + headSize;
    this.#body = body;
    writeInt32(
      this.buffer,
      this.#frameStart,
      HEADER_SIZE + headSize + body.length,
    );
    writeToken(this.buffer, this.#frameStart + TOKEN_OFFSET, token);
    return this.#frameStart + HEADER_SIZE;
  }

  /** Add the body and the checksum. */
  finish(): void {
    const body = this.#body;
    this.#body = emptyBytes;
    if (body.length < SEPARATE_BODY_SIZE_MIN) this.#finishInSlab(body);
    else this.#finishWithChunk(body);
  }

  /** All that was gathered, in order. */
  take(): readonly Uint8Array[] {
    this.#cut();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunksSize = 0;
    return chunks;
  }

  #finishInSlab(body: Uint8Array): void {
    if (body.length > 0) this.buffer.set(body, this.#headEnd);
    this.#end = this.#headEnd + body.length;
    this.#sumTo(this.#end);
    this.#writeSum();
  }

  #finishWithChunk(body: Uint8Array): void {
    this.#end = this.#headEnd;
    this.#sumTo(this.#end);
    this.#sum.add(body, 0, body.length);
    this.#writeSum();
    this.#cut();
    this.#chunks.push(body);
    this.#chunksSize += body.length;
  }

  #sumTo(end: number): void {
    const start = this.#frameStart;
    const ofLength = this.#sum
      .reset()
      .addByScript(this.buffer, start, start + CHECKSUM_OFFSET);
    ofLength.add(this.buffer, start + TOKEN_OFFSET, end);
  }

  #writeSum(): void {
    writeInt32(
      this.buffer,
      this.#frameStart + CHECKSUM_OFFSET,
      this.#sum.value,
    );
  }

  /** Close the chunk that grows in the slab. */
  #cut(): void {
    if (this.#start === this.#end) return;
    this.#chunks.push(this.buffer.subarray(this.#start, this.#end));
    this.#chunksSize += this.#end - this.#start;
    this.#start = this.#end;
  }

  #reserve(size: number): void {
    if (this.#end + size <= this.buffer.length) return;
    this.#cut();
    this.buffer = new Uint8Array(Math.max(size, this.#slabSize));
    this.#slabSize = Math.min(this.#slabSizeMax, this.#slabSize * 2);
    this.#start = 0;
    this.#end = 0;
  }
}
