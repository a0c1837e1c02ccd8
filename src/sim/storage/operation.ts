/** What programs ask of disks. */
import type { Enrolled } from "../../base/roster.ts";
import type { StorageNeed } from "../../core/index.ts";
import type { EventName, StorageOperation } from "../event.ts";
import type { Disk } from "./disk.ts";
import type { FileNode } from "./folder.ts";

/** How one kind of operation is carried out. */
export interface OperationKind {
  /** Enters the fingerprint. */
  readonly code: number;
  /** What those who watch the world are told. */
  readonly event: EventName;
  /** Which of the disk's durations it takes. */
  readonly takes: "readMs" | "writeMs" | "syncMs";
  /**
   * Where it stands in the order of the file's changes. A `change` takes place after all that were asked for before it;
   * `after` them it takes place too, but holds up none; `beside` them, at any time.
   */
  readonly order: "change" | "after" | "beside";
  /** What the handle must have been opened for. */
  readonly needs: StorageNeed | undefined;
}

/** What somebody asks for, and the same thing while it is under way: one object for both (bench row `sim.disk`). */
export interface Operation extends Enrolled {
  readonly disk: Disk;
  readonly kind: OperationKind;
  /** On which file, if it is open; on names otherwise. */
  readonly file: FileNode | undefined;
  /** Which of the file's changes it is, or the last before it. */
  readonly stamp: number;
  /** How many bytes the device reads or writes. */
  readonly bytes: number;
  /** What it does, when it takes place: on that file, if it is open. */
  readonly work: (file: FileNode, stamp: number) => unknown;
  /** Who waits for it. */
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Let it take place. */
export function takePlace({ file, stamp, work }: Operation): unknown {
  return work(file as FileNode, stamp);
}

/** Nobody waits yet. */
export function nobody(): void {
  // There is nobody to tell.
}

type OperationName =
  | (
      | "open"
      | "exists"
      | "readdir"
      | "delete"
      | "rename"
      | "mkdir"
      | "rmdir"
      | "syncDir"
    )
  | ("readAt" | "read" | "size" | "writeAt" | "write" | "setLen" | "sync");

function kind(
  code: number,
  operation: StorageOperation,
  how: Pick<OperationKind, "takes" | "order"> & { needs?: StorageNeed },
): OperationKind {
  const event = Object.freeze({ kind: "storage", operation } as const);
  return Object.freeze({ code, event, needs: undefined, ...how });
}

/** Every kind of operation. Those that read or write in turn, at the handle's position, count as changes. */
export const operations: Readonly<Record<OperationName, OperationKind>> =
  Object.freeze({
    open: kind(1, "open_complete", { takes: "readMs", order: "change" }),
    exists: kind(2, "exists_complete", { takes: "readMs", order: "after" }),
    readdir: kind(3, "readdir_complete", { takes: "readMs", order: "after" }),
    delete: kind(4, "delete_complete", { takes: "writeMs", order: "change" }),
    rename: kind(5, "rename_complete", { takes: "writeMs", order: "change" }),
    mkdir: kind(6, "mkdir_complete", { takes: "writeMs", order: "change" }),
    syncDir: kind(7, "sync_dir_complete", { takes: "syncMs", order: "after" }),
    size: kind(8, "size_complete", { takes: "readMs", order: "beside" }),
    readAt: kind(9, "read_complete", {
      ...{ takes: "readMs", order: "beside", needs: "read" },
    }),
    read: kind(10, "read_complete", {
      ...{ takes: "readMs", order: "change", needs: "read" },
    }),
    writeAt: kind(11, "write_complete", {
      ...{ takes: "writeMs", order: "change", needs: "write" },
    }),
    write: kind(12, "write_complete", {
      ...{ takes: "writeMs", order: "change", needs: "append" },
    }),
    setLen: kind(13, "set_len_complete", {
      ...{ takes: "writeMs", order: "change", needs: "write" },
    }),
    rmdir: kind(15, "rmdir_complete", { takes: "writeMs", order: "change" }),
    sync: kind(14, "sync_complete", { takes: "syncMs", order: "after" }),
  });
