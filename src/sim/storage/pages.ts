/** The bytes of a file, as sparse pages: what was never written costs nothing and reads as zeros. */
import { pageSize, type Page, type PagePool } from "./page-pool.ts";
import { SECTOR_SIZE } from "./sector.ts";

/** Holds each of its pages. */
export class Pages {
  readonly #pages = new Map<number, Page>();
  readonly #pool: PagePool;
  #length = 0;

  /** @param pool where pages come from and go to. */
  constructor(pool: PagePool) {
    this.#pool = pool;
  }

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
    for (const [index, page] of this.#pages)
      if (other.#pages.get(index) !== page) pages += 1;
    return pages * pageSize;
  }

  /** How many bytes there are from `position`, if `length` are asked for: fewer at the end of the file. */
  available(position: number, length: number): number {
    return Math.max(0, Math.min(length, this.#length - position));
  }

  /** Copy what is at `position` over all of `bytes`, which are within the file. */
  readInto(position: number, bytes: Uint8Array): void {
    const end = position + bytes.length;
    for (let at = position; at < end;) {
      const index = Math.floor(at / pageSize);
      const pageEnd = Math.min((index + 1) * pageSize, end);
      const page = this.#pages.get(index)?.bytes;
      const start = at - index * pageSize;
      const length = pageEnd - at;
      if (page === undefined) bytes.fill(0, at - position, pageEnd - position);
      else if (length === pageSize) bytes.set(page, at - position);
      else bytes.set(page.subarray(start, start + length), at - position);
      at = pageEnd;
    }
  }

  /** A copy of these bytes, cut at the end of the file. */
  read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(this.available(position, length));
    this.readInto(position, bytes);
    return bytes;
  }

  /** A copy of a whole sector, filled up with zeros behind the end of the file. */
  sector(sector: number): Uint8Array {
    const bytes = new Uint8Array(SECTOR_SIZE);
    const start = sector * SECTOR_SIZE;
    const there = this.available(start, SECTOR_SIZE);
    this.readInto(start, bytes.subarray(0, there));
    return bytes;
  }

  /** Write within one page. Returns the page if that is all of it. */
  writeWithin(position: number, bytes: Uint8Array): Page | undefined {
    const index = Math.floor(position / pageSize);
    const whole = bytes.length === pageSize;
    const page = whole ? this.#freshPage(index) : this.#ownPage(index);
    page.bytes.set(bytes, position - index * pageSize);
    this.#reach(position + bytes.length);
    return whole ? page : undefined;
  }

  write(position: number, bytes: Uint8Array): void {
    forEachPage(position, bytes, (at, part) => this.writeWithin(at, part));
  }

  /** Have that page there, which somebody else has too. */
  share(position: number, page: Page): void {
    this.#set(position / pageSize, page.hold());
    this.#reach(position + pageSize);
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
        this.#set(index, undefined);
    if (keep > 0 && this.#pages.has(last))
      this.#ownPage(last).bytes.fill(0, keep);
  }

  /** Have the same page there as `other` has. */
  adopt(index: number, other: Pages): void {
    this.#set(index, other.#pages.get(index)?.hold());
  }

  /** Have the same content as `other`. */
  adoptAll(other: Pages): void {
    for (const index of this.#pages.keys()) this.adopt(index, other);
    for (const index of other.#pages.keys())
      if (!this.#pages.has(index)) this.adopt(index, other);
    this.#length = other.#length;
  }

  #reach(end: number): void {
    if (end > this.#length) this.#length = end;
  }

  #set(index: number, page: Page | undefined): void {
    this.#pages.get(index)?.release();
    if (page === undefined) this.#pages.delete(index);
    else this.#pages.set(index, page);
  }

  /** A page there that nobody else has, to be written from end to end. */
  #freshPage(index: number): Page {
    const page = this.#pages.get(index);
    if (page !== undefined && !page.shared) return page;
    const fresh = this.#pool.take();
    this.#set(index, fresh);
    return fresh;
  }

  /** The page there, with what it holds, for nobody but these. */
  #ownPage(index: number): Page {
    const page = this.#pages.get(index);
    if (page !== undefined && !page.shared) return page;
    const own = this.#pool.take();
    if (page === undefined) own.bytes.fill(0);
    else own.bytes.set(page.bytes);
    this.#set(index, own);
    return own;
  }
}

/** Cut bytes at the boundaries of pages. */
export function forEachPage(
  position: number,
  bytes: Uint8Array,
  act: (position: number, part: Uint8Array) => void,
): void {
  const end = position + bytes.length;
  for (let at = position; at < end;) {
    const next = (Math.floor(at / pageSize) + 1) * pageSize;
    const pageEnd = Math.min(next, end);
    const all = at === position && pageEnd === end;
    act(at, all ? bytes : bytes.subarray(at - position, pageEnd - position));
    at = pageEnd;
  }
}
