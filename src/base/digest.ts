/** A digest of many bytes, for fingerprints: fast, equal on every platform, and of no use against an adversary. */
import { digestModule, laneCount, turnBytes } from "./digest-code.ts";

/** More bytes than this take several digests. */
export const digestBytesMax = 0x4000;

/** Words in a digest, of 32 bits each. */
export const digestWords: number = 2 * laneCount;

/**
 * Digest up to `digestBytesMax` bytes, at least one. Returns the words of the digest, which the next call overwrites.
 *
 * Each word of 64 bits goes through a bijection of one of four lanes, so no difference within one word is ever lost.
 * Bytes are filled up with zeros to a multiple of 32: whoever cares about their number takes it in as well.
 */
export function digest(bytes: Uint8Array): Int32Array {
  const { length } = bytes;
  const end = Math.ceil(length / turnBytes) * turnBytes;
  input.set(bytes);
  if (end > length) input.fill(0, length, end);
  run(end);
  return result;
}

interface DigestExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly digest: (end: number) => void;
}

/** The part of it that is needed here; neither Node's types nor the language's have it. */
interface WebAssemblyGlobal {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Instance: new (module: object) => {
      readonly exports: DigestExports;
    };
  };
}

const { WebAssembly } = globalThis as unknown as WebAssemblyGlobal;
const { memory, digest: run } = new WebAssembly.Instance(
  new WebAssembly.Module(digestModule(digestBytesMax)),
).exports;
const input = new Uint8Array(memory.buffer, 0, digestBytesMax);
const result = new Int32Array(memory.buffer, digestBytesMax, digestWords);
