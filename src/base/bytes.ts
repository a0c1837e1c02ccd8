/** Small helpers for byte arrays. */
import { shown } from "./shown.ts";

export const emptyBytes: Uint8Array = new Uint8Array(0);

/** One array from several. A single one is returned as it is, without a copy. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const joined = new Uint8Array(totalLength(chunks));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

export function totalLength(chunks: readonly Uint8Array[]): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1)
    if (left[index] !== right[index]) return false;
  return true;
}

/** Refuse what is not made of bytes: `TypeError`. A text, above all, has a length as well, and would leave as zeros. */
export function checkBytes(what: string, given: Uint8Array): void {
  if (given instanceof Uint8Array) return;
  // One of another realm, as tests in sandboxes make them.
  const { BYTES_PER_ELEMENT } = Object(given) as Partial<Uint8Array>;
  if (BYTES_PER_ELEMENT === 1) return;
  throw new TypeError(`${what} must be a Uint8Array, not ${shown(given)}`);
}
