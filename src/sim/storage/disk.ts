/** One machine's disk. It outlives the processes that use it. */
import { Roster } from "../../base/roster.ts";
import type { RandomProvider } from "../../core/index.ts";
import type { Engine } from "../engine.ts";
import { named } from "../event.ts";
import type { FaultLog } from "../fault-log.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import {
  crashStates,
  type CrashStatesOptions,
  type DiskState,
} from "./crash-states.ts";
import {
  drawCrash,
  everythingKept,
  everythingLost,
  type CrashChoices,
} from "./crash-choices.ts";
import { Device } from "./device.ts";
import { diskFull, DiskFaults } from "./disk-faults.ts";
import { oddsOf } from "./disk-odds.ts";
import type { FaultAtlas } from "./fault-atlas.ts";
import type { FileNode } from "./folder.ts";
import { Names } from "./names.ts";
import { takePlace, type Operation } from "./operation.ts";
import { losePower } from "./power-loss.ts";
import type { Write } from "./silent-damage.ts";
import {
  resolveStorageConfiguration,
  type StorageConfiguration,
} from "./storage-config.ts";

export interface DiskParts {
  readonly engine: Engine;
  readonly config: Readonly<StorageConfiguration>;
  readonly log: FaultLog;
  readonly atlas: FaultAtlas;
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
  readonly names: Names;
  readonly faults: DiskFaults;
  readonly #ip: string;
  readonly #engine: Engine;
  readonly #log: FaultLog;
  readonly #crashRandom: RandomProvider;
  #config: Readonly<StorageConfiguration>;
  #device: Device;
  #stormy = false;
  /** Changes that did not take place yet, in the order of the calls. */
  readonly #changes = new Roster<Operation>();
  /** When the last change of a name that was asked for takes place. */
  readonly #nameOrder = { lastChangeMicros: 0 };

  constructor(ip: string, { engine, config, log, atlas }: DiskParts) {
    const book = atlas.bookOf(ip);
    const random = engine.stream(`disk ${ip} faults`);
    this.#ip = ip;
    this.#engine = engine;
    this.#log = log;
    this.#crashRandom = engine.stream(`disk ${ip} crash`);
    this.names = new Names(book);
    this.faults = new DiskFaults({ ip, random, log, book });
    this.#config = config;
    this.#device = this.#makeDevice();
  }

  /** How it behaves. */
  get config(): Readonly<StorageConfiguration> {
    return this.#config;
  }

  /** Let it behave otherwise from now on. What is under way is not affected. */
  configure(changes: Partial<StorageConfiguration>): void {
    this.#config = resolveStorageConfiguration({ ...this.#config, ...changes });
    this.#device = this.#makeDevice();
    if (this.#stormy) this.storm();
  }

  /** Nothing goes wrong any more, and damage is repaired: every sector holds what was written to it. */
  calm(): void {
    this.#stormy = false;
    this.#device.storm(false, this.#engine.nowMicros);
    this.faults.strike(undefined);
    for (const [, { damage }] of this.names.files()) damage.clear();
  }

  /** Things go wrong, as it was told. */
  storm(): void {
    this.#stormy = true;
    this.#device.storm(true, this.#engine.nowMicros);
    this.faults.strike(oddsOf(this.#config));
  }

  /** Do what a process asks for once the device gets to it; its outcome settles the promise. */
  perform<T>(handle: SimHandle, operation: Operation): Promise<T> {
    if (!handle.usable) return handle.unusable();
    const engine = this.#engine;
    const delay = this.#doneAt(operation) - engine.nowMicros;
    const { incarnation } = handle;
    if (operation.kind.order === "change") this.#changes.add(operation);
    engine.schedule(delay, incarnation, EventKind.storage, complete, operation);
    return new Promise<T>((resolve, reject) => {
      operation.resolve = resolve as (value: unknown) => void;
      operation.reject = reject;
    });
  }

  /** The event of an operation: it takes place, and its caller is told. */
  complete(operation: Operation): void {
    if (operation.kind.order === "change") this.#changes.delete(operation);
    this.#engine.fingerprint.word(operation.kind.code);
    try {
      operation.resolve(takePlace(operation));
    } catch (error) {
      operation.reject(error);
    }
  }

  /** Write, as far as there is room and the disk can. */
  write(file: FileNode, write: Write): void {
    const room = this.#roomFor(file, write);
    if (room >= write.bytes.length) {
      this.faults.write(file, write);
      return;
    }
    const bytes = write.bytes.subarray(0, room);
    this.faults.write(file, { ...write, bytes });
    this.#log.count("disk full", this.#ip, file.path);
    throw diskFull(file.path);
  }

  /** Power is lost. */
  crash(): void {
    this.#device.reset();
    this.#nameOrder.lastChangeMicros = 0;
    losePower({
      names: this.names,
      faults: this.faults,
      changes: this.#changes,
      choose: () => this.#crashChoices(),
      count: (fault, path) => this.#log.count(fault, this.#ip, path),
    });
    this.#changes.clear();
  }

  /** Every state that a loss of power could leave behind at this moment, each once. For small cases. */
  crashStates(options: CrashStatesOptions = {}): Generator<DiskState> {
    return crashStates(this.names, options);
  }

  /** Replace all that is on the disk by this, all of it durable. For disks whose process is dead, or was never born. */
  install(state: DiskState): void {
    this.wipe();
    this.names.install(state);
  }

  /** What a program would read of that file, damage included; `undefined` if there is none. */
  contentOf(path: string): Uint8Array | undefined {
    const found = this.names.files().find(([name]) => name === path);
    if (found === undefined) return undefined;
    const bytes = new Uint8Array(found[1].content.length);
    found[1].readInto(0, bytes);
    return bytes;
  }

  /** The disk is replaced by an empty one. */
  wipe(): void {
    for (const [, { damage }] of this.names.files()) damage.clear();
    this.names.wipe();
  }

  #makeDevice(): Device {
    return new Device({
      config: this.#config,
      random: this.#engine.stream(`disk ${this.#ip}`),
      episodeRandom: this.#engine.stream(`disk ${this.#ip} episodes`),
      onEpisode: (fault) => this.#log.count(fault, this.#ip),
    });
  }

  /** How many of these bytes fit on the disk. */
  #roomFor(file: FileNode, { position, bytes }: Write): number {
    const { capacityBytes } = this.#config;
    const longerBy = position + bytes.length - file.content.length;
    if (capacityBytes === Infinity || longerBy <= 0) return bytes.length;
    let used = 0;
    for (const [, { content }] of this.names.files()) used += content.bytesUsed;
    const lacking = Math.max(0, used + longerBy - capacityBytes);
    return Math.max(0, bytes.length - lacking);
  }

  #doneAt({ kind, file, bytes }: Operation): number {
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
    const { unsynced } = this.#config;
    if (unsynced === "lost") return everythingLost;
    if (unsynced === "kept") return everythingKept;
    return drawCrash(this.#crashRandom, this.#config);
  }
}

const complete = named<Operation>(
  ({ kind }) => kind.event,
  (operation) => operation.disk.complete(operation),
);
