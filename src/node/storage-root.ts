/** The folder that holds everything of one storage. */
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes the folder, and what is missing above it, when it is first needed. Nobody above the storage can sync those
 * names, so they are made durable here.
 */
export class StorageRoot {
  readonly path: string;
  #made: Promise<void> | undefined;

  /** `path` is absolute. */
  constructor(path: string) {
    this.path = path;
  }

  ensure(): Promise<void> {
    this.#made ??= this.#make().catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  async #make(): Promise<void> {
    const first = await mkdir(this.path, { recursive: true });
    if (first === undefined) return;
    for (let made = this.path; ; made = dirname(made)) {
      await syncFolder(dirname(made));
      if (made === first) return;
    }
  }
}

/** Make the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    // Windows cannot sync a folder; it journals names by itself.
    if (process.platform !== "win32") await handle.sync();
  } finally {
    await handle.close();
  }
}
