/** Remembers what was written, and tells when something else is read. After FoundationDB's write checker. */
import {
  type OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../../core/index.ts";
import { CheckedFile } from "./checked-file.ts";
import { SectorLaw } from "./sector-law.ts";

/** A sector that reads as something that it cannot hold. */
export interface IllegalRead {
  readonly path: string;
  readonly sector: number;
}

/**
 * Stands between a program and any storage, simulated or real, and outlives the program: wrap the storage of each life,
 * and call `powerLost()` between two of them.
 *
 * Every read is held against what its sectors may legally hold: the last write; after a loss of power anything that was
 * written since the last sync, or the content before it, or one of these torn into another. The first read after that
 * settles which it is, and later ones must agree.
 */
export class WriteChecker {
  readonly #laws = new Map<string, SectorLaw>();
  readonly #onIllegal: (read: IllegalRead) => void;
  #sectorsChecked = 0;

  constructor(onIllegal: (read: IllegalRead) => void) {
    this.#onIllegal = onIllegal;
  }

  /** How many sectors were held against the law: a checker that looked at none has shown nothing. */
  get sectorsChecked(): number {
    return this.#sectorsChecked;
  }

  /** The same storage, watched. */
  wrap(storage: StorageProvider): StorageProvider {
    return {
      open: (path, options) => this.#open(storage, path, options),
      exists: (path) => storage.exists(path),
      delete: async (path) => {
        await storage.delete(path);
        this.#laws.delete(path);
      },
      rename: async (from, to) => {
        await storage.rename(from, to);
        const law = this.#laws.get(from);
        this.#laws.delete(from);
        if (law !== undefined) this.#laws.set(to, law);
      },
      mkdir: (path) => storage.mkdir(path),
      rmdir: (path) => storage.rmdir(path),
      readdir: (path) => storage.readdir(path),
      syncDir: (path) => storage.syncDir(path),
    };
  }

  /** From now on what was not synced may be there or not. */
  powerLost(): void {
    for (const law of this.#laws.values()) law.powerLost();
  }

  async #open(
    storage: StorageProvider,
    path: string,
    options: OpenOptions,
  ): Promise<StorageFile> {
    const file = await storage.open(path, options);
    let law = this.#laws.get(path);
    if (law === undefined) {
      law = new SectorLaw();
      this.#laws.set(path, law);
    }
    if (options.truncate === true) law.cut(0);
    return new CheckedFile(file, law, (position, bytes) => {
      const { checked, illegal } = (law as SectorLaw).check(position, bytes);
      this.#sectorsChecked += checked;
      for (const sector of illegal) this.#onIllegal({ path, sector });
    });
  }
}
