/** Memory for many byte arrays of a few kilobytes or less, which are dear one by one: each would be an allocation off the heap. */

/** What one piece of memory is cut from, at most; it starts smaller, for those who need little. */
const slabBytesMax = 0x1_0000;
const slabBytesFirst = 0x1000;
/** Longer arrays than this are worth an allocation of their own. */
const sharedBytesMax = 0x2000;
/** Arrays begin at multiples of this, as those of their own would. */
const alignment = 8;

/**
 * Hands out arrays that are cut from larger buffers (bench row `sim.disk`). A buffer is collected when none of its
 * arrays is in use any more: keep those long that live long, and they keep up to 64 KiB each.
 */
export class ByteArena {
  #slab = new ArrayBuffer(0);
  #used = 0;

  /** So many bytes, all zero. `buffer` and `byteOffset` are as they come. */
  take(length: number): Uint8Array {
    if (length > sharedBytesMax) return new Uint8Array(length);
    const start = this.#used;
    // Whoever transfers an array's buffer to another thread takes the slab along, and leaves one without length.
    if (start + length > this.#slab.byteLength) return this.#takeFirst(length);
    this.#used = Math.ceil((start + length) / alignment) * alignment;
    return new Uint8Array(this.#slab, start, length);
  }

  /** The same bytes, to be kept. */
  copyOf(bytes: Uint8Array): Uint8Array {
    const copy = this.take(bytes.length);
    copy.set(bytes);
    return copy;
  }

  #takeFirst(length: number): Uint8Array {
    const larger = Math.max(slabBytesFirst, this.#slab.byteLength * 2, length);
    this.#slab = new ArrayBuffer(Math.min(larger, slabBytesMax));
    this.#used = 0;
    return this.take(length);
  }
}
