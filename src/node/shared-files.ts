/** What all handles of one file have in common. */
import type { FileHandle } from "node:fs/promises";

import { Serial } from "./serial.ts";

/** A file that is open at least once, whatever it is called by now. */
export interface SharedFile {
  /** Its changes, in the order of their calls, whichever handle they use. */
  readonly changes: Serial;
  handleCount: number;
}

/** The open files of one provider, by identity rather than by name. */
export class SharedFiles {
  readonly #files = new Map<string, SharedFile>();

  /** Count one more handle of the file. Pair with the returned `release`. */
  acquire(identity: string): { file: SharedFile; release: () => void } {
    const known = this.#files.get(identity);
    const file = known ?? { changes: new Serial(), handleCount: 0 };
    file.handleCount += 1;
    this.#files.set(identity, file);
    const release = (): void => {
      file.handleCount -= 1;
      if (file.handleCount === 0) this.#files.delete(identity);
    };
    return { file, release };
  }
}

/** Device and number of the file: equal for all its names and handles. */
export async function fileIdentity(
  handle: FileHandle,
): Promise<string | undefined> {
  const stats = await handle.stat({ bigint: true });
  return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}
