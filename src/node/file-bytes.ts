/** Reading and writing at a place in a file, completely. */
import type { FileHandle } from "node:fs/promises";

/** Refuse what is no position, length or size. */
export function checkOffset(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(
    `${name} must be a whole number of bytes, 0 or more, not ${value}`,
  );
}

/**
 * Fill `bytes`. Resolves to how many there were; fewer only at the end of the
 * file. One read of the system may return less than there is: only none at all
 * means the end.
 */
export async function readFully(
  handle: FileHandle,
  position: number,
  bytes: Uint8Array,
): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const rest = bytes.length - filled;
    const { bytesRead } = await handle.read(
      bytes,
      filled,
      rest,
      position + filled,
    );
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Write all of `bytes`, however many calls of the system it takes. */
export async function writeFully(
  handle: FileHandle,
  position: number,
  bytes: Uint8Array,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const rest = bytes.length - written;
    const { bytesWritten } = await handle.write(
      bytes,
      written,
      rest,
      position + written,
    );
    written += bytesWritten;
  }
}
