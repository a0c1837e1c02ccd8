/** Whether copies that should be equal are. */
import type { Disk } from "./disk.ts";

/** Where two copies of a file differ first. */
export interface CopyDifference {
  readonly path: string;
  /** The two machines. */
  readonly ips: readonly [left: string, right: string];
  /** The first byte that differs, or the end of the shorter copy; `undefined` when one machine has no such file. */
  readonly position: number | undefined;
}

/** Compares what machines hold, byte for byte, damage included. It looks at disks directly, and takes no simulated time. */
export class StorageChecker {
  readonly #diskOf: (ip: string) => Disk;
  #comparisons = 0;

  /** @param world the world whose disks are compared. */
  constructor(world: { disk(ip: string): Disk }) {
    this.#diskOf = (ip) => world.disk(ip);
  }

  /** How many pairs of copies were compared: a checker that compared none has shown nothing. */
  get comparisons(): number {
    return this.#comparisons;
  }

  /** The first difference between the file's copies on these machines; `undefined` if they are equal. */
  compare(path: string, ips: readonly string[]): CopyDifference | undefined {
    const [first, ...others] = ips;
    if (first === undefined) return undefined;
    const left = this.#diskOf(first).contentOf(path);
    for (const ip of others) {
      this.#comparisons += 1;
      const right = this.#diskOf(ip).contentOf(path);
      if (left === undefined && right === undefined) continue;
      const position =
        left === undefined || right === undefined
          ? undefined
          : firstDifference(left, right);
      if (position === equal) continue;
      return { path, ips: [first, ip], position };
    }
    return undefined;
  }
}

const equal = -1;

function firstDifference(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return at;
  return left.length === right.length ? equal : length;
}
