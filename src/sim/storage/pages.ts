/** The bytes of a file, as sparse pages: what was never written costs nothing and reads as zeros. */
import { SECTOR_SIZE } from "./sector.ts";

/** Eight sectors, which is what systems read and write at once (bench row `sim.disk`). */
export const pageSize: number = 8 * SECTOR_SIZE;

interface Page {
  readonly bytes: Uint8Array;
  /** Somebody else reads it too, so nobody may change it: whoever wants to, takes a copy. */
  shared: boolean;
}

export class Pages {
  readonly #pages = new Map<number, Page>();
  #length = 0;

  /** Bytes in the file, holes included. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that these pages take in memory. */
  get bytesHeld(): number {
    return this.#pages.size * pageSize;
  }

  /** Bytes that these pages take which are not pages of `other` as well. */
  bytesHeldBeside(other: Pages): number {
    let pages = 0;
    for (const [index, { bytes }] of this.#pages)
      if (other.#pages.get(index)?.bytes !== bytes) pages += 1;
    return pages * pageSize;
  }

  /** A copy of these bytes, cut at the end of the file. */
  read(position: number, length: number): Uint8Array {
    const end = Math.min(position + length, this.#length);
    if (end <= position) return new Uint8Array(0);
    const index = Math.floor(position / pageSize);
    const start = position - index * pageSize;
    if (start + end - position <= pageSize) {
      const page = this.#pages.get(index);
      if (page !== undefined)
        return page.bytes.slice(start, start + end - position);
    }
    return this.#gather(position, end);
  }

  /** @param owned nobody else will ever change `bytes`, so that whole pages of it need no copy. */
  write(position: number, bytes: Uint8Array, owned: boolean = false): void {
    const end = position + bytes.length;
    for (let at = position; at < end;) {
      const index = Math.floor(at / pageSize);
      const pageEnd = Math.min((index + 1) * pageSize, end);
      const part =
        at === position && pageEnd === end
          ? bytes
          : bytes.subarray(at - position, pageEnd - position);
      if (owned && part.length === pageSize)
        this.#pages.set(index, { bytes: part, shared: true });
      else this.#ownPage(index).set(part, at - index * pageSize);
      at = pageEnd;
    }
    if (bytes.length > 0 && end > this.#length) this.#length = end;
  }

  /** Cut, or extend with a hole. */
  setLen(length: number): void {
    const cut = length < this.#length;
    this.#length = length;
    if (!cut) return;
    const last = Math.floor(length / pageSize);
    const keep = length - last * pageSize;
    for (const index of this.#pages.keys())
      if (index > last || (index === last && keep === 0))
        this.#pages.delete(index);
    if (keep > 0 && this.#pages.has(last)) this.#ownPage(last).fill(0, keep);
  }

  /** Have the same page there as `other` has. */
  adopt(index: number, other: Pages): void {
    const page = other.#pages.get(index);
    if (page === undefined) this.#pages.delete(index);
    else {
      page.shared = true;
      this.#pages.set(index, page);
    }
  }

  /** Have the same content as `other`. */
  adoptAll(other: Pages): void {
    this.#pages.clear();
    for (const index of other.#pages.keys()) this.adopt(index, other);
    this.#length = other.#length;
  }

  #ownPage(index: number): Uint8Array {
    let page = this.#pages.get(index);
    if (page === undefined || page.shared) {
      const bytes = new Uint8Array(pageSize);
      if (page !== undefined) bytes.set(page.bytes);
      page = { bytes, shared: false };
      this.#pages.set(index, page);
    }
    return page.bytes;
  }

  #gather(position: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - position);
    for (let at = position; at < end;) {
      const index = Math.floor(at / pageSize);
      const pageEnd = Math.min((index + 1) * pageSize, end);
      const page = this.#pages.get(index);
      if (page !== undefined) {
        const start = at - index * pageSize;
        bytes.set(
          page.bytes.subarray(start, start + pageEnd - at),
          at - position,
        );
      }
      at = pageEnd;
    }
    return bytes;
  }
}
