/** The bytes of one file: what programs see, and what a loss of power would leave. */

/** An array that grows by doubling, and reads as zeros wherever nothing was written. */
class GrowableBytes {
  #bytes = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  slice(start: number, end: number): Uint8Array {
    return this.#bytes.slice(
      Math.min(start, this.#length),
      Math.min(end, this.#length),
    );
  }

  write(position: number, bytes: Uint8Array): void {
    if (position + bytes.length > this.#length)
      this.resize(position + bytes.length);
    this.#bytes.set(bytes, position);
  }

  resize(length: number): void {
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    if (length < this.#length) this.#bytes.fill(0, length, this.#length);
    this.#length = length;
  }
}

/** A file as the disk has it. */
export class FileImage {
  readonly #seen = new GrowableBytes();
  readonly #durable = new GrowableBytes();
  #durablyExists = false;
  #dirtyStart = Infinity;
  #dirtyEnd = 0;

  /** Bytes in the file, as programs see it. */
  get length(): number {
    return this.#seen.length;
  }

  /** Whether a loss of power would lose something. */
  get dirty(): boolean {
    return (
      !this.#durablyExists ||
      this.#dirtyStart < Infinity ||
      this.#seen.length !== this.#durable.length
    );
  }

  read(position: number, length: number): Uint8Array {
    return this.#seen.slice(position, position + length);
  }

  write(position: number, bytes: Uint8Array): void {
    this.#dirtyStart = Math.min(this.#dirtyStart, position, this.#seen.length);
    this.#seen.write(position, bytes);
    this.#dirtyEnd = Math.max(this.#dirtyEnd, position + bytes.length);
  }

  setLen(length: number): void {
    this.#dirtyStart = Math.min(this.#dirtyStart, length, this.#seen.length);
    this.#seen.resize(length);
    this.#dirtyEnd = Math.max(this.#dirtyEnd, length);
  }

  /** Make durable what programs see. */
  sync(): void {
    this.#durablyExists = true;
    const end = Math.min(this.#dirtyEnd, this.#seen.length);
    this.#durable.resize(this.#seen.length);
    if (this.#dirtyStart < end)
      this.#durable.write(
        this.#dirtyStart,
        this.#seen.slice(this.#dirtyStart, end),
      );
    this.#dirtyStart = Infinity;
    this.#dirtyEnd = 0;
  }

  /** Power is lost: programs will see what was durable. False when the file itself was not. */
  crash(): boolean {
    this.#seen.resize(0);
    this.#seen.write(0, this.#durable.slice(0, this.#durable.length));
    this.#dirtyStart = Infinity;
    this.#dirtyEnd = 0;
    return this.#durablyExists;
  }
}
