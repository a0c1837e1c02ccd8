/** One file's content against a model of two plain arrays: pages are used again, and none may show what another holds. */
import test from "ava";

import { Sfc32 } from "../../src/base/sfc32.ts";
import {
  everythingKept,
  everythingLost,
  InMemoryStorage,
} from "../../src/sim/index.ts";

const pageSize = 4_096;
const sizeMax = 12 * pageSize;

type Change = (bytes: Uint8Array) => Uint8Array;

/** What a file is, as plainly as can be: the bytes on the disk, and what was done since. */
class PlainFile {
  durable: Uint8Array = new Uint8Array(0);
  changes: Change[] = [];

  get seen(): Uint8Array {
    return this.changes.reduce((bytes, change) => change(bytes), this.durable);
  }

  /** The first so many changes are durable. */
  sync(count: number): void {
    const synced = this.changes.splice(0, count);
    this.durable = synced.reduce(
      (bytes, change) => change(bytes),
      this.durable,
    );
  }
}

function writing(position: number, written: Uint8Array): Change {
  return (bytes) => {
    const end = Math.max(bytes.length, position + written.length);
    const after = new Uint8Array(end);
    after.set(bytes);
    after.set(written, position);
    return after;
  };
}

function resizing(length: number): Change {
  return (bytes) => {
    const after = new Uint8Array(length);
    after.set(bytes.subarray(0, length));
    return after;
  };
}

/** Change both alike, at random. Stamps count the changes. */
class Pair {
  readonly file = new InMemoryStorage();
  readonly plain = new PlainFile();
  readonly #generator = new Sfc32();
  #stamp = 0;
  #synced = 0;

  constructor(seed: number) {
    this.#generator.seed(Uint32Array.of(seed, 2, 3, 4));
  }

  below(bound: number): number {
    return this.#generator.next() % bound;
  }

  turn(): void {
    const kind = this.below(20);
    if (kind < 8) this.#writePages();
    else if (kind < 13) this.#writeAnywhere();
    else if (kind < 15) this.#resize();
    else if (kind < 18) this.#sync();
    else this.#crash(kind === 18);
  }

  #writePages(): void {
    const page = this.below(10);
    this.#write(page * pageSize, (1 + this.below(2)) * pageSize);
  }

  #writeAnywhere(): void {
    const position = this.below(sizeMax - 2 * pageSize);
    this.#write(position, 1 + this.below(2 * pageSize));
  }

  #write(position: number, length: number): void {
    const bytes = new Uint8Array(length).fill(1 + this.below(255));
    bytes[0] = this.#generator.next();
    this.#stamp += 1;
    this.plain.changes.push(writing(position, bytes.slice()));
    this.file.write(position, bytes, this.#stamp);
    bytes.fill(0xee); // It is the caller's again.
  }

  #resize(): void {
    const length = this.below(sizeMax);
    this.#stamp += 1;
    this.plain.changes.push(resizing(length));
    this.file.setLen(length, this.#stamp);
  }

  /** Some of the changes, or all of them. */
  #sync(): void {
    const count = this.below(2) === 0 ? this.#stamp - this.#synced : 1;
    const until = Math.min(this.#stamp, this.#synced + count);
    this.plain.sync(until - this.#synced);
    this.file.sync(until);
    this.#synced = until;
  }

  #crash(kept: boolean): void {
    this.plain.sync(kept ? Infinity : 0);
    this.plain.changes = [];
    this.file.crash(kept ? everythingKept : everythingLost);
    this.#synced = this.#stamp;
  }
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.from(left).equals(right);
}

test("InMemoryStorage holds what a plain array would, whatever is written, cut, synced and lost", (t) => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const pair = new Pair(seed);
    const { file, plain } = pair;
    for (let turn = 0; turn < 200; turn += 1) {
      pair.turn();
      const at = `seed ${seed}, turn ${turn}`;
      t.is(file.length, plain.seen.length, at);
      t.true(same(file.read(0, sizeMax), plain.seen), at);
      t.true(same(file.readDurable(0, sizeMax), plain.durable), at);
    }
  }
});

test("InMemoryStorage and its copies go their own ways", (t) => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const pair = new Pair(seed);
    const { file, plain } = pair;
    for (let turn = 0; turn < 30; turn += 1) pair.turn();
    const [still, busy] = [file.clone(), file.clone()];
    const { seen, durable } = plain;
    busy.crash(everythingLost);
    t.true(same(busy.read(0, sizeMax), durable), `seed ${seed}`);
    for (let page = 0; page < 10; page += 1)
      busy.write(page * pageSize, new Uint8Array(pageSize));
    for (let turn = 0; turn < 30; turn += 1) {
      pair.turn();
      t.true(same(file.read(0, sizeMax), plain.seen), `seed ${seed}`);
      t.true(same(file.readDurable(0, sizeMax), plain.durable), `seed ${seed}`);
    }
    t.true(same(still.read(0, sizeMax), seen), `seed ${seed}`);
    t.true(same(still.readDurable(0, sizeMax), durable), `seed ${seed}`);
  }
});
