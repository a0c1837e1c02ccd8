/** 32-bit hashing for seeds, streams and fingerprints. Arithmetic on 32-bit integers only, equal on every platform. */

/** Murmur3's finaliser: every input bit changes about half of the output bits. */
export function mix32(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** FNV-1a over the UTF-16 code units of a text, low byte first. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis | 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * 128 bits from a seed (a safe integer) and a name, for the full state of a random stream.
 * The four words differ in their basis, so that they are independent for any practical purpose.
 */
export function seedState(seed: number, name: string, into: Uint32Array): void {
  const low = seed >>> 0;
  const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
  for (let word = 0; word < 4; word += 1) {
    const basis =
      mix32(low ^ Math.imul(word + 1, 0x9e3779b9)) ^
      mix32(high + Math.imul(word + 1, 0x7f4a7c15));
    into[word] = mix32(hashText(name, basis));
  }
}
