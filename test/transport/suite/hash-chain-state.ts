/** A chain of hashes: each block changes it, so that no block can be lost, doubled or exchanged unseen. */

export interface Chain {
  /** How many blocks there are. */
  readonly length: number;
  /** The hash of all of them, in order: 32 bits. */
  readonly hash: number;
}

export const emptyChain: Chain = Object.freeze({ length: 0, hash: 0 });

/** FNV-1a over the hash so far and the block. */
export function appended({ length, hash }: Chain, block: Uint8Array): Chain {
  let next = (0x811c9dc5 ^ Math.imul(hash, fnvPrime)) >>> 0;
  for (let shift = 24; shift >= 0; shift -= 8)
    next = mixed(next, (hash >>> shift) & 0xff);
  for (const byte of block) next = mixed(next, byte);
  return { length: length + 1, hash: next };
}

export function sameChain(left: Chain, right: Chain): boolean {
  return left.length === right.length && left.hash === right.hash;
}

function mixed(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, fnvPrime) >>> 0;
}

const fnvPrime = 0x01000193;
