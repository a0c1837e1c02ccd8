/** Names on disk: which folders still have to be written to it. */
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

import { Serial } from "./serial.ts";

/**
 * A file's name lives in its folder, and is durable only when the folder has
 * been synced. This remembers which folders need that.
 *
 * Invariants
 * 1. A folder that was never synced here counts as changed as soon as a file
 *    in it is opened: an earlier life may have died before its sync.
 * 2. A sync that fails leaves its folder marked, so the next one tries again.
 */
export class DurableFolders {
  readonly #root: string;
  readonly #changed = new Set<string>();
  readonly #durable = new Set<string>();
  readonly #syncs = new Serial();
  readonly #syncOne: (folder: string) => Promise<void>;

  /** `root` is the absolute path of the storage's own folder. */
  constructor(
    root: string,
    syncOne: (folder: string) => Promise<void> = syncFolder,
  ) {
    this.#root = root;
    this.#syncOne = syncOne;
  }

  /** A name in this folder came, went or changed. */
  mark(folder: string): void {
    this.#durable.delete(folder);
    this.#changed.add(folder);
  }

  /** A file below this folder is in use: its path must become durable too. */
  use(folder: string): void {
    if (!this.#durable.has(folder)) this.#changed.add(folder);
    if (folder !== this.#root) this.use(dirname(folder));
  }

  /** Make the folder and all above it that are missing. */
  async ensure(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made !== first; made = dirname(made)) {
      this.mark(dirname(made));
    }
    this.mark(dirname(first));
  }

  /** Resolve when all names that were changed before the call are durable. */
  sync(): Promise<void> {
    return this.#syncs.run(() => this.#syncChanged());
  }

  async #syncChanged(): Promise<void> {
    for (const folder of [...this.#changed]) {
      // Taken off before, so that a change meanwhile puts it back on.
      this.#changed.delete(folder);
      this.#durable.add(folder);
      try {
        await this.#syncOne(folder);
      } catch (error) {
        this.mark(folder);
        throw error;
      }
    }
  }
}

/** A folder that has vanished has no names left to lose. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot sync a folder; it journals names by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r").catch(unlessMissing);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unlessMissing(error: unknown): undefined {
  if ((error as { code?: unknown }).code !== "ENOENT") throw error;
}
