/** What is on a disk under which name: a tree of folders and files. */
import { StorageError } from "../../core/index.ts";
import type { DamageBook } from "./fault-atlas.ts";
import { InMemoryStorage } from "./in-memory-storage.ts";
import { SECTOR_SIZE } from "./sector.ts";
import { SectorDamage } from "./sector-damage.ts";

/** A file, whatever it is called by now. */
export class FileNode {
  readonly kind = "file" as const;
  readonly content: InMemoryStorage;
  readonly damage: SectorDamage;
  /** Changes that were called so far; a sync covers those before it. */
  calls = 0;
  /** When the last change that was called takes place, in microseconds: the next one does later. */
  lastChangeMicros = 0;
  readonly #book: DamageBook;
  #path: string;

  constructor(
    path: string,
    book: DamageBook,
    content: InMemoryStorage = new InMemoryStorage(),
  ) {
    this.#path = path;
    this.#book = book;
    this.content = content;
    this.damage = new SectorDamage((sector) => book.release(this.path, sector));
  }

  /** What it was called last. */
  get path(): string {
    return this.#path;
  }

  /** The same content, in a file that counts as nobody's copy. */
  clone(): FileNode {
    return new FileNode(this.#path, uncounted, this.content.clone());
  }

  /** It is called otherwise now. */
  moveTo(path: string): void {
    this.#book.move(this.#path, path, this.damage.sectors.sectors());
    this.#path = path;
  }

  /** What a program reads there, damage included: over all of `bytes`, which are within the file. */
  readInto(position: number, bytes: Uint8Array): void {
    this.content.readInto(position, bytes);
    this.damage.overlay(position, bytes);
  }

  /** What a program reads of that sector, filled up with zeros. */
  sector(sector: number): Uint8Array {
    const bytes = new Uint8Array(SECTOR_SIZE);
    const start = sector * SECTOR_SIZE;
    const there = this.content.available(start, SECTOR_SIZE);
    this.readInto(start, bytes.subarray(0, there));
    return bytes;
  }

  write(position: number, bytes: Uint8Array, stamp: number): void {
    this.content.write(position, bytes, stamp);
    this.damage.written(position, bytes);
  }

  setLen(length: number, stamp: number): void {
    this.content.setLen(length, stamp);
    this.damage.cut(length);
  }
}

const uncounted: DamageBook = Object.freeze({
  claim: () => true,
  release: () => undefined,
  move: () => undefined,
});

/** A folder, with the names in it as programs see them and as they would be after a crash. */
export class FolderNode {
  readonly kind = "folder" as const;
  readonly seen: Map<string, TreeNode> = new Map();
  readonly durable: Map<string, TreeNode> = new Map();
}

export type TreeNode = FileNode | FolderNode;

/** Where a name is, or could be. */
export interface Place {
  readonly path: string;
  readonly folder: FolderNode;
  readonly name: string;
}

/** The place of a path. Throws `not_found` when there is no such folder, `bad_path` when a file is in the way. */
export function placeOf(root: FolderNode, path: string): Place {
  const names = path.split("/");
  const name = names.pop() as string;
  return { path, folder: descend(root, names, path), name };
}

/** The folder of that path; the root for `""`. Throws as `placeOf` does. */
export function folderAt(root: FolderNode, path: string): FolderNode {
  return path === "" ? root : descend(root, path.split("/"), path);
}

/** The file there. Throws `not_found`, or `bad_path` for a folder. */
export function fileAt({ path, folder, name }: Place): FileNode {
  const node = folder.seen.get(name);
  if (node === undefined) throw notFound(path);
  if (node.kind === "folder") throw badPath(path, "no file");
  return node;
}

/** The empty folder there. Throws `not_found`, `bad_path` for a file, or `not_empty`. */
export function emptyFolderAt({ path, folder, name }: Place): FolderNode {
  const node = folder.seen.get(name);
  if (node === undefined) throw notFound(path);
  if (node.kind === "file") throw badPath(path, "no folder");
  if (node.seen.size === 0) return node;
  const message = `${path} cannot be removed: there is something in it`;
  throw new StorageError("not_empty", message, { path });
}

function descend(
  root: FolderNode,
  names: readonly string[],
  path: string,
): FolderNode {
  let folder = root;
  for (const name of names) {
    const node = folder.seen.get(name);
    if (node === undefined) throw notFound(path);
    if (node.kind === "file") throw badPath(path, "no folder");
    folder = node;
  }
  return folder;
}

/** There is nothing of that name. */
export function notFound(path: string): StorageError<"not_found"> {
  const message = `there is no ${path}, or its folder is missing`;
  return new StorageError("not_found", message, { path });
}

/** What is there is of the wrong kind. */
export function badPath(path: string, what: string): StorageError<"bad_path"> {
  return new StorageError("bad_path", `${path} is ${what}`, { path });
}
