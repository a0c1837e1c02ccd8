/** An open file of a simulated process. */
import {
  mayDo,
  StorageError,
  type OpenOptions,
  type StorageFile,
  type StorageNeed,
} from "../../core/index.ts";
import type { SimHandle } from "../handle.ts";
import type { Belonging } from "../incarnation.ts";
import type { Inspection } from "../inventory.ts";
import type { Disk } from "./disk.ts";
import type { FileNode } from "./folder.ts";
import { nobody, operations, type OperationKind } from "./operation.ts";
import type { Write } from "./silent-damage.ts";

export interface SimStorageFileParts {
  readonly disk: Disk;
  readonly handle: SimHandle;
  readonly path: string;
  readonly file: FileNode;
  readonly options: OpenOptions;
}

/** One handle. It lets go of the file when it is closed, and when its process dies, whoever keeps the handle. */
export class SimStorageFile implements StorageFile, Belonging {
  readonly path: string;
  readonly #disk: Disk;
  readonly #handle: SimHandle;
  readonly #options: OpenOptions;
  #file: FileNode | undefined;
  #position = 0;

  constructor({ path, disk, handle, file, options }: SimStorageFileParts) {
    this.path = path;
    this.#disk = disk;
    this.#handle = handle;
    this.#file = file;
    this.#options = options;
    if (handle.usable) handle.own(this);
  }

  inspect(): Inspection {
    return { holding: { kind: "file", name: this.path }, waits: [] };
  }

  get position(): number {
    return this.#position;
  }

  seek(position: number): void {
    checkPosition(position, "a position");
    this.#position = position;
  }

  readAt(position: number, length: number): Promise<Uint8Array> {
    checkPosition(position, "a read's position");
    checkPosition(length, "a read's length");
    return this.#perform(operations.readAt, length, (file) =>
      this.#read(file, position, length),
    );
  }

  readInto(position: number, bytes: Uint8Array): Promise<number> {
    checkPosition(position, "a read's position");
    return this.#perform(operations.readAt, bytes.length, (file) => {
      const { faults } = this.#disk;
      faults.check(this.path);
      const count = file.content.available(position, bytes.length);
      const there = count < bytes.length ? bytes.subarray(0, count) : bytes;
      faults.readInto(file, position, there);
      this.#handle.engine.takeIn("reads", there);
      return count;
    });
  }

  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    checkPosition(position, "a write's position");
    this.#handle.engine.giveOut(bytes);
    return this.#perform(operations.writeAt, bytes.length, (file, stamp) =>
      this.#write(file, { position, bytes, stamp }),
    );
  }

  append(bytes: Uint8Array): Promise<void> {
    this.#handle.engine.giveOut(bytes);
    return this.#perform(operations.write, bytes.length, (file, stamp) => {
      const position = file.content.length;
      this.#write(file, { position, bytes, stamp });
    });
  }

  read(lengthMax: number): Promise<Uint8Array> {
    checkPosition(lengthMax, "a read's length");
    return this.#perform(operations.read, lengthMax, (file) => {
      const length = this.#disk.faults.share(lengthMax, this.path);
      const bytes = this.#read(file, this.#position, length);
      this.#position += bytes.length;
      return bytes;
    });
  }

  write(bytes: Uint8Array): Promise<number> {
    this.#handle.engine.giveOut(bytes);
    return this.#perform(operations.write, bytes.length, (file, stamp) => {
      const atEnd = this.#options.append === true;
      const position = atEnd ? file.content.length : this.#position;
      const count = this.#disk.faults.share(bytes.length, this.path);
      this.#write(file, { position, bytes: bytes.subarray(0, count), stamp });
      this.#position = position + count;
      return count;
    });
  }

  sync(): Promise<void> {
    return this.#perform(operations.sync, 0, (file, stamp) =>
      this.#disk.faults.sync(file, stamp),
    );
  }

  syncData(): Promise<void> {
    return this.sync();
  }

  size(): Promise<number> {
    return this.#perform(operations.size, 0, ({ content }) => content.length);
  }

  setLen(length: number): Promise<void> {
    checkPosition(length, "a file's length");
    return this.#perform(operations.setLen, 0, (file, stamp) => {
      this.#disk.faults.check(this.path);
      file.setLen(length, stamp);
    });
  }

  close(): Promise<void> {
    this.severed();
    this.#handle.incarnation.belongings.delete(this);
    return this.#handle.usable ? Promise.resolve() : this.#handle.unusable();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The process is dead: memory of what it had open goes with it. */
  severed(): void {
    this.#file = undefined;
  }

  #read(file: FileNode, position: number, length: number): Uint8Array {
    const { faults } = this.#disk;
    faults.check(this.path);
    const bytes = faults.read(file, position, length);
    this.#handle.engine.takeIn("reads", bytes);
    return bytes;
  }

  #write(file: FileNode, write: Write): void {
    this.#handle.engine.takeIn("writes", write.bytes);
    this.#disk.write(file, write);
  }

  #perform<T>(
    kind: OperationKind,
    bytes: number,
    work: (file: FileNode, stamp: number) => T,
  ): Promise<T> {
    const { needs } = kind;
    const file = this.#file;
    if (!this.#handle.usable) return this.#handle.unusable();
    if (file === undefined) return Promise.reject(closed(this.path));
    if (needs !== undefined && !mayDo(this.#options, needs))
      return Promise.reject(notPermitted(this.path, needs));
    if (kind.order === "change") file.calls += 1;
    return this.#disk.perform(this.#handle, {
      disk: this.#disk,
      kind,
      file,
      stamp: file.calls,
      bytes,
      work,
      place: -1,
      resolve: nobody,
      reject: nobody,
    });
  }
}

function closed(path: string): StorageError<"closed"> {
  return new StorageError("closed", `${path} was closed`, { path });
}

function notPermitted(
  path: string,
  needs: StorageNeed,
): StorageError<"not_permitted"> {
  const message = `${path} was not opened to ${needs}: open it with { ${needs}: true }`;
  return new StorageError("not_permitted", message, { path, needs });
}

function checkPosition(value: number, what: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(
    `${what} must be a whole number, 0 or more, not ${value}`,
  );
}
