/** One machine's disk. It outlives the processes that use it. */
import type { Engine } from "../engine.ts";
import { named } from "../event.ts";
import type { FaultLog } from "../fault-log.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import type { SimRandomProvider } from "../random.ts";
import {
  drawCrash,
  everythingKept,
  everythingLost,
  type CrashChoices,
} from "./crash-choices.ts";
import { Device } from "./device.ts";
import type { FileNode } from "./folder.ts";
import { Names } from "./names.ts";
import type { Operation, OperationKind } from "./operation.ts";
import type { StorageConfiguration } from "./storage-config.ts";

export interface DiskParts {
  readonly engine: Engine;
  readonly config: Readonly<StorageConfiguration>;
  readonly faults: FaultLog;
}

/** An operation that somebody asks for. */
export interface Request<T> {
  readonly kind: OperationKind;
  readonly path: string;
  /** On which file, if it is open; on names otherwise. */
  readonly file?: FileNode;
  /** How many bytes the device reads or writes. */
  readonly bytes: number;
  /** What it does, when it takes place. */
  readonly work: () => T;
}

/**
 * Names and files, and a device with a queue before it.
 *
 * Invariants
 * 1. An operation takes place in its completion event. Changes of one file, and those of names, do in the order of the
 *    calls.
 * 2. A crash leaves what was durable, and of the rest what `CrashChoices` say. What had not taken place by then may
 *    have, as the disk sees it; nobody will ever be told.
 */
export class Disk {
  readonly names: Names = new Names();
  readonly #ip: string;
  readonly #config: Readonly<StorageConfiguration>;
  readonly #engine: Engine;
  readonly #faults: FaultLog;
  readonly #random: SimRandomProvider;
  readonly #device: Device;
  /** Changes that did not take place yet, in the order of the calls. */
  readonly #changes = new Set<Operation>();
  /** When the last change of a name that was asked for takes place. */
  readonly #nameOrder = { lastChangeMicros: 0 };

  constructor(ip: string, parts: DiskParts) {
    this.#ip = ip;
    this.#config = parts.config;
    this.#engine = parts.engine;
    this.#faults = parts.faults;
    this.#random = parts.engine.stream(`disk ${ip}`);
    this.#device = new Device(parts.config, this.#random);
  }

  /** Do what a process asks for once the device gets to it; its outcome settles the promise. */
  perform<T>(handle: SimHandle, request: Request<T>): Promise<T> {
    if (!handle.usable) return handle.unusable();
    const { kind, work } = request;
    const doneAt = this.#doneAt(request);
    return new Promise<T>((resolve, reject) => {
      const operation: Operation = {
        ...{ disk: this, kind, work, reject },
        resolve: resolve as (value: unknown) => void,
      };
      if (kind.order === "change") this.#changes.add(operation);
      this.#engine.schedule(
        doneAt - this.#engine.nowMicros,
        handle.incarnation,
        EventKind.storage,
        complete,
        operation,
      );
    });
  }

  /** The event of an operation: it takes place, and its caller is told. */
  complete(operation: Operation): void {
    this.#changes.delete(operation);
    this.#engine.fingerprint.word(operation.kind.code);
    try {
      operation.resolve(operation.work());
    } catch (error) {
      operation.reject(error);
    }
  }

  /** Power is lost. */
  crash(): void {
    this.#device.reset();
    this.#nameOrder.lastChangeMicros = 0;
    const choices = this.#crashChoices();
    // Whatever was on its way may have got there, too.
    if (choices !== everythingLost && choices !== everythingKept)
      for (const { work } of this.#changes) attempt(work);
    this.#changes.clear();
    this.#count("lost metadata", "names", this.names.crash(choices));
    for (const [path, file] of this.names.files())
      this.#crashFile(path, file, choices);
  }

  /** The disk is replaced by an empty one. */
  wipe(): void {
    this.names.wipe();
  }

  #doneAt({ kind, file, bytes }: Request<unknown>): number {
    const { nowMicros } = this.#engine;
    const takes = this.#config[kind.takes];
    const doneAt = this.#device.doneAt(nowMicros, bytes, takes);
    if (kind.order === "beside") return doneAt;
    const order = file ?? this.#nameOrder;
    const inOrder = Math.max(doneAt, order.lastChangeMicros + 1);
    if (kind.order === "change") order.lastChangeMicros = inOrder;
    return inOrder;
  }

  #crashChoices(): CrashChoices {
    const dirty =
      this.#changes.size > 0 ||
      this.names.dirty ||
      this.names.files().some(([, { content }]) => content.dirty);
    const { unsynced, tornProbability } = this.#config;
    if (unsynced === "lost" || !dirty) return everythingLost;
    if (unsynced === "kept") return everythingKept;
    return drawCrash(this.#random, {
      tornProbability,
      crashFaultProbability: 0,
    });
  }

  #crashFile(path: string, file: FileNode, choices: CrashChoices): void {
    file.lastChangeMicros = 0;
    const losses = file.content.crash(choices);
    this.#count("dropped write", path, losses.droppedWrites);
    this.#count("torn sector", path, losses.tornSectors);
    this.#count("damaged sector", path, losses.damagedSectors);
    this.#count("lost metadata", path, losses.lostMetadata);
  }

  #count(fault: string, path: string, times: number): void {
    for (let time = 0; time < times; time += 1)
      this.#faults.count(fault, this.#ip, path);
  }
}

const complete = named<Operation>(
  ({ kind }) => kind.event,
  (operation) => operation.disk.complete(operation),
);

/** What fails on a disk that loses power fails unheard. */
function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // Nobody is there any more to be told.
  }
}
