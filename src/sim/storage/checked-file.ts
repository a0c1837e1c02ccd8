/** A file whose reads are held against what was written to it. */
import type { StorageFile } from "../../core/index.ts";
import type { SectorLaw } from "./sector-law.ts";

export class CheckedFile implements StorageFile {
  readonly #file: StorageFile;
  readonly #law: SectorLaw;
  readonly #check: (position: number, bytes: Uint8Array) => void;

  constructor(
    file: StorageFile,
    law: SectorLaw,
    check: (position: number, bytes: Uint8Array) => void,
  ) {
    this.#file = file;
    this.#law = law;
    this.#check = check;
  }

  get path(): string {
    return this.#file.path;
  }

  get position(): number {
    return this.#file.position;
  }

  seek(position: number): void {
    this.#file.seek(position);
  }

  async readAt(position: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#file.readAt(position, length);
    this.#check(position, bytes);
    return bytes;
  }

  async readInto(position: number, bytes: Uint8Array): Promise<number> {
    const count = await this.#file.readInto(position, bytes);
    this.#check(position, bytes.subarray(0, count));
    return count;
  }

  async read(lengthMax: number): Promise<Uint8Array> {
    const bytes = await this.#file.read(lengthMax);
    this.#check(this.#file.position - bytes.length, bytes);
    return bytes;
  }

  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    const copy = new Uint8Array(bytes);
    await this.#written(position, copy, this.#file.writeAt(position, copy));
  }

  async append(bytes: Uint8Array): Promise<void> {
    const copy = new Uint8Array(bytes);
    const position = await this.#file.size();
    await this.#written(position, copy, this.#file.append(copy));
  }

  async write(bytes: Uint8Array): Promise<number> {
    const count = await this.#file.write(bytes);
    const position = this.#file.position - count;
    this.#law.written(position, new Uint8Array(bytes.subarray(0, count)), true);
    return count;
  }

  async sync(): Promise<void> {
    await this.#file.sync();
    this.#law.synced();
  }

  async syncData(): Promise<void> {
    await this.#file.syncData();
    this.#law.synced();
  }

  size(): Promise<number> {
    return this.#file.size();
  }

  async setLen(length: number): Promise<void> {
    await this.#file.setLen(length);
    this.#law.cut(length);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A write counts from its call on: a loss of power may come before it ends, and a failure leaves a part of it. */
  async #written(
    position: number,
    bytes: Uint8Array,
    writing: Promise<void>,
  ): Promise<void> {
    try {
      await writing;
      this.#law.written(position, bytes, true);
    } catch (error) {
      this.#law.written(position, bytes, false);
      throw error;
    }
  }
}
