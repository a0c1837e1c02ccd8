/** An open file of a simulated process. */
import {
  StorageError,
  type OpenOptions,
  type StorageFile,
} from "../../core/index.ts";
import type { SimHandle } from "../handle.ts";
import type { Disk } from "./disk.ts";
import type { FileImage } from "./file-image.ts";

export class SimStorageFile implements StorageFile {
  readonly path: string;
  readonly #disk: Disk;
  readonly #handle: SimHandle;
  readonly #image: FileImage;
  readonly #rights: OpenOptions;
  #closed = false;

  constructor(
    disk: Disk,
    handle: SimHandle,
    file: { path: string; image: FileImage; rights: OpenOptions },
  ) {
    this.path = file.path;
    this.#disk = disk;
    this.#handle = handle;
    this.#image = file.image;
    this.#rights = file.rights;
  }

  readAt(position: number, length: number): Promise<Uint8Array> {
    checkPosition(position, "a read's position");
    checkPosition(length, "a read's length");
    return this.#perform("read", "readMs", () => {
      const bytes = this.#image.read(position, length);
      this.#handle.engine.fingerprint.bytes(bytes);
      return bytes;
    });
  }

  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    checkPosition(position, "a write's position");
    // Not `slice()`, which for a Buffer of Node copies nothing.
    const copy = new Uint8Array(bytes);
    return this.#perform("write", "writeMs", () => this.#write(position, copy));
  }

  append(bytes: Uint8Array): Promise<void> {
    // Not `slice()`, which for a Buffer of Node copies nothing.
    const copy = new Uint8Array(bytes);
    return this.#perform("write", "writeMs", () =>
      this.#write(this.#image.length, copy),
    );
  }

  sync(): Promise<void> {
    return this.#perform(undefined, "syncMs", () => this.#image.sync());
  }

  size(): Promise<number> {
    return this.#perform(undefined, "readMs", () => this.#image.length);
  }

  setLen(length: number): Promise<void> {
    checkPosition(length, "a file's length");
    return this.#perform("write", "writeMs", () => this.#image.setLen(length));
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#handle.usable ? Promise.resolve() : this.#handle.unusable();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #write(position: number, bytes: Uint8Array): void {
    this.#handle.engine.fingerprint.bytes(bytes);
    this.#image.write(position, bytes);
  }

  #perform<T>(
    needs: "read" | "write" | undefined,
    duration: "readMs" | "writeMs" | "syncMs",
    work: () => T,
  ): Promise<T> {
    const { path } = this;
    if (!this.#handle.usable) return this.#handle.unusable();
    if (this.#closed)
      return Promise.reject(
        new StorageError("closed", `${path} was closed`, { path }),
      );
    if (needs !== undefined && this.#rights[needs] !== true) {
      const message = `${path} was not opened to ${needs}: open it with { ${needs}: true }`;
      return Promise.reject(
        new StorageError("not_permitted", message, { path, needs }),
      );
    }
    return this.#disk.perform(this.#handle, this.#disk.config[duration], work);
  }
}

function checkPosition(value: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(
    `${what} must be a whole number, 0 or more, not ${value}`,
  );
}
