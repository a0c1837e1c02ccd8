/** One machine's disk. It outlives the processes that use it. */
import type { Engine } from "../engine.ts";
import { named } from "../event.ts";
import type { FaultLog } from "../fault-log.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import type { SimRandomProvider } from "../random.ts";
import { toMicros } from "../time.ts";
import type { MsRange } from "../network/latency.ts";
import { FileImage } from "./file-image.ts";
import type { StorageConfiguration } from "./storage-config.ts";

export interface DiskParts {
  readonly engine: Engine;
  readonly config: Readonly<StorageConfiguration>;
  readonly faults: FaultLog;
}

/**
 * Files by path, and a device that does one thing after another.
 *
 * Invariants
 * 1. An operation takes effect in its completion event, in the order of the calls.
 * 2. A crash leaves exactly what was durable: an operation that had not completed has had no effect.
 */
export class Disk {
  readonly config: Readonly<StorageConfiguration>;
  readonly #ip: string;
  readonly #engine: Engine;
  readonly #faults: FaultLog;
  readonly #random: SimRandomProvider;
  readonly #files = new Map<string, FileImage>();
  #busyUntilMicros = 0;

  constructor(ip: string, parts: DiskParts) {
    this.config = parts.config;
    this.#ip = ip;
    this.#engine = parts.engine;
    this.#faults = parts.faults;
    this.#random = parts.engine.stream(`disk ${ip}`);
  }

  file(path: string): FileImage | undefined {
    return this.#files.get(path);
  }

  create(path: string): FileImage {
    const image = new FileImage();
    this.#files.set(path, image);
    return image;
  }

  delete(path: string): boolean {
    return this.#files.delete(path);
  }

  rename(from: string, to: string): boolean {
    const image = this.#files.get(from);
    if (image === undefined) return false;
    this.#files.delete(from);
    this.#files.set(to, image);
    return true;
  }

  /** Do `work` on behalf of a process once the device gets to it; its outcome settles the promise. */
  perform<T>(
    handle: SimHandle,
    durationMs: MsRange,
    work: () => T,
  ): Promise<T> {
    if (!handle.usable) return handle.unusable();
    const spanMicros = toMicros(durationMs[1]) - toMicros(durationMs[0]) + 1;
    const micros =
      toMicros(durationMs[0]) + Math.floor(this.#random.ratio() * spanMicros);
    const now = this.#engine.nowMicros;
    this.#busyUntilMicros = Math.max(this.#busyUntilMicros, now) + micros;
    return new Promise<T>((resolve, reject) => {
      const operation: Operation = {
        work,
        resolve: resolve as (value: unknown) => void,
        reject,
      };
      this.#engine.schedule(
        this.#busyUntilMicros - now,
        handle.incarnation,
        EventKind.storage,
        complete,
        operation,
      );
    });
  }

  /** Power is lost: what was not synced is gone. */
  crash(): void {
    this.#busyUntilMicros = 0;
    for (const [path, image] of this.#files) {
      if (image.dirty) this.#faults.count("lost write", this.#ip, path);
      if (!image.crash()) this.#files.delete(path);
    }
  }

  /** The disk is replaced by an empty one. */
  wipe(): void {
    this.#files.clear();
  }
}

interface Operation {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const complete = named<Operation>(
  { kind: "storage", operation: "complete" },
  ({ work, resolve, reject }) => {
    try {
      resolve(work());
    } catch (error) {
      reject(error);
    }
  },
);
