/** What goes with a message beside its fields: names and texts, for interceptors and tracing. */
import { emptyBytes } from "../base/bytes.ts";
import { shown } from "../base/shown.ts";
import { EXTRA_SIZE_MAX } from "../transport/index.ts";

/** Names are of `a`–`z`, `0`–`9`, `.`, `_` and `-`; values are any text. */
export type Metadata = Readonly<Record<string, string>>;

/** None at all. */
export const noMetadata: Metadata = Object.freeze({});

/**
 * Metadata as it travels: sections of a tag, a length and that many bytes, of which metadata is one. Readers skip
 * sections that they do not know. Throws `TypeError` for a bad name, and `RangeError` when it is too much.
 */
export function encodeMetadata(metadata: Metadata | undefined): Uint8Array {
  checkMetadata(metadata);
  const entries = Object.entries(metadata ?? {});
  if (entries.length === 0) return emptyBytes;
  const parts = entries.flatMap(([name, value]) => {
    if (!validName.test(name))
      throw new TypeError(
        `"${name}" is no name of metadata: use a-z, 0-9, ".", "_" and "-", at most 255 of them`,
      );
    if (typeof value !== "string")
      throw new TypeError(
        `metadata "${name}" must be a text, not ${shown(value)}`,
      );
    const bytes = utf8.encode(value);
    return [[name.length], utf8.encode(name), word(bytes.length), bytes];
  });
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  if (size + sectionHeadSize > EXTRA_SIZE_MAX)
    throw new RangeError(
      `metadata takes ${size} bytes, and may take ${EXTRA_SIZE_MAX - sectionHeadSize}: put large values into the message`,
    );
  return Uint8Array.from([
    metadataTag,
    ...word(size),
    ...parts.flatMap((part) => [...part]),
  ]);
}

function checkMetadata(given: unknown): void {
  if (given === undefined || given === null) return;
  if (typeof given === "object" && !(Symbol.iterator in given)) return;
  throw new TypeError(
    `metadata must be an object of names and texts, not ${shown(given)}`,
  );
}

/** Metadata that came. What cannot be read is left out: it must not keep a message from being served. */
export function decodeMetadata(extra: Uint8Array): Metadata {
  const found: Record<string, string> = {};
  for (let at = 0; at + sectionHeadSize <= extra.length;) {
    const size = wordAt(extra, at + 1);
    const start = at + sectionHeadSize;
    if (extra[at] === metadataTag)
      readEntries(extra.subarray(start, start + size), found);
    at = start + size;
  }
  return found;
}

function readEntries(bytes: Uint8Array, into: Record<string, string>): void {
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + (bytes[at] as number);
    if (nameEnd + 2 > bytes.length) return;
    const valueEnd = nameEnd + 2 + wordAt(bytes, nameEnd);
    if (valueEnd > bytes.length) return;
    const name = text.decode(bytes.subarray(at + 1, nameEnd));
    if (validName.test(name))
      into[name] = text.decode(bytes.subarray(nameEnd + 2, valueEnd));
    at = valueEnd;
  }
}

/** Two bytes, the lower one first. */
function word(value: number): number[] {
  return [value & 0xff, value >> 8];
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

const metadataTag = 1;
const sectionHeadSize = 3;
/** `__proto__` is among what it leaves out. */
const validName = /^(?!_)[a-z0-9._-]{1,255}$/;
const utf8 = new TextEncoder();
const text = new TextDecoder();
