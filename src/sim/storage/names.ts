/** The names on a disk, and which of their changes a crash may undo. */
import { checkFolderPath, folderOf, StorageError } from "../../core/index.ts";
import { everythingKept, type CrashChoices } from "./crash-choices.ts";
import { copyFolder, copyOf } from "./copy-tree.ts";
import type { DamageBook } from "./fault-atlas.ts";
import {
  badPath,
  emptyFolderAt,
  fileAt,
  FileNode,
  FolderNode,
  folderAt,
  placeOf,
  type Place,
  type TreeNode,
} from "./folder.ts";

/** From now on a name means something else, or nothing. */
interface Entry {
  readonly folder: FolderNode;
  readonly name: string;
  readonly node: TreeNode | undefined;
}

/** One change that takes place as a whole or not at all; a rename changes two names. */
interface NameChange {
  /** Which call it was; a sync covers those before it. */
  readonly stamp: number;
  /** Whose sync makes it durable. */
  readonly folder: FolderNode;
  readonly entries: readonly Entry[];
  /** The folder that it removes, empty: so every change of a name in there comes before it. */
  readonly emptied: FolderNode | undefined;
}

/**
 * Invariants
 * 1. A change is durable once its folder has been synced; so is every earlier one that it builds upon.
 * 2. A crash keeps or undoes each other change as a whole, and keeps none without those that it builds upon.
 */
export class Names {
  readonly root: FolderNode = new FolderNode();
  /** Changes that were called so far. */
  calls = 0;
  /** Which call the changes that take place now are part of. */
  stamp = 0;
  #unsynced: NameChange[] = [];
  readonly #book: DamageBook;

  /** @param book where the damage of files is counted. */
  constructor(book: DamageBook) {
    this.#book = book;
  }

  /** Whether a crash could undo something. */
  get dirty(): boolean {
    return this.#unsynced.length > 0;
  }

  place(path: string): Place {
    return placeOf(this.root, path);
  }

  folder(path: string): FolderNode {
    checkFolderPath(path);
    return folderAt(this.root, path);
  }

  create(place: Place): FileNode {
    const node = new FileNode(place.path, this.#book);
    this.#change(place.folder, [{ ...place, node }]);
    return node;
  }

  delete(place: Place): void {
    fileAt(place);
    this.#change(place.folder, [{ ...place, node: undefined }]);
  }

  rename(from: Place, to: Place): void {
    const node = fileAt(from);
    const replaced = to.folder.seen.get(to.name);
    if (replaced === node) return;
    if (replaced?.kind === "folder") throw badPath(to.path, "a folder");
    node.moveTo(to.path);
    this.#change(to.folder, [
      { ...from, node: undefined },
      { ...to, node },
    ]);
  }

  /** Make every folder on that path that is missing. */
  mkdir(path: string): void {
    let folder = this.root;
    const names = path.split("/");
    for (const [index, name] of names.entries()) {
      const found = folder.seen.get(name);
      if (found?.kind === "file")
        throw inTheWay(path, index < names.length - 1);
      const node = found ?? new FolderNode();
      if (found === undefined) this.#change(folder, [{ folder, name, node }]);
      folder = node;
    }
  }

  rmdir(place: Place): void {
    const emptied = emptyFolderAt(place);
    this.#change(place.folder, [{ ...place, node: undefined }], emptied);
  }

  /** Make durable what changed in that folder, by calls up to this one. */
  sync(folder: FolderNode, stampMax: number): void {
    const needed = new NameSet();
    const rest: NameChange[] = [];
    const synced: NameChange[] = [];
    for (const change of this.#unsynced.toReversed()) {
      const asked = change.folder === folder && change.stamp <= stampMax;
      const covered = asked || needed.hasAny(change);
      (covered ? synced : rest).push(change);
      if (covered) needed.add(change);
    }
    for (const change of synced.reverse()) apply(change, "durable");
    this.#unsynced = rest.reverse();
  }

  /** Power is lost. Returns how many changes were undone. */
  crash(choices: CrashChoices): number {
    const undone = new NameSet();
    let count = 0;
    for (const change of this.#unsynced) {
      if (!undone.hasAny(change) && choices.name()) apply(change, "durable");
      else {
        undone.add(change);
        count += 1;
      }
    }
    this.#unsynced = [];
    restore(this.root);
    return count;
  }

  /** The same names and files, which go their own way from here. */
  clone(): Names {
    const copies = new Map<TreeNode, TreeNode>();
    const copy = new Names(this.#book);
    copies.set(this.root, copy.root);
    copyFolder(this.root, copy.root, copies);
    copy.#unsynced = this.#unsynced.map((change) => ({
      stamp: change.stamp,
      folder: copyOf(change.folder, copies),
      emptied: change.emptied && copyOf(change.emptied, copies),
      entries: change.entries.map((entry) => ({
        name: entry.name,
        folder: copyOf(entry.folder, copies),
        node: entry.node && copyOf(entry.node, copies),
      })),
    }));
    return copy;
  }

  /** Every file that has a name, with its path, in the order of creation within each folder. */
  files(): [path: string, file: FileNode][] {
    return filesBelow(this.root, "");
  }

  /** Have these files, and all of it durable. */
  install(files: ReadonlyMap<string, Uint8Array>): void {
    for (const [path, bytes] of files) {
      const folder = folderOf(path);
      if (folder !== "") this.mkdir(folder);
      const file = this.create(this.place(path));
      file.write(0, new Uint8Array(bytes), 0);
    }
    this.crash(everythingKept);
    for (const [, { content }] of this.files()) content.sync();
  }

  /** Nothing is left. */
  wipe(): void {
    this.#unsynced = [];
    this.root.seen.clear();
    this.root.durable.clear();
  }

  #change(
    folder: FolderNode,
    entries: readonly Entry[],
    emptied?: FolderNode,
  ): void {
    const change = { stamp: this.stamp, folder, entries, emptied };
    this.#unsynced.push(change);
    apply(change, "seen");
  }
}

/** Names that some changes are about, to tell which other changes build upon these, or they upon them. */
class NameSet {
  readonly #names = new Map<FolderNode, Set<string>>();
  readonly #emptied = new Set<FolderNode>();

  add({ entries, emptied }: NameChange): void {
    for (const { folder, name } of entries) {
      const names = this.#names.get(folder) ?? new Set();
      this.#names.set(folder, names.add(name));
    }
    if (emptied !== undefined) this.#emptied.add(emptied);
  }

  hasAny({ entries, emptied }: NameChange): boolean {
    if (emptied !== undefined && this.#names.has(emptied)) return true;
    return entries.some(
      ({ folder, name }) =>
        this.#emptied.has(folder) || this.#names.get(folder)?.has(name),
    );
  }
}

function apply({ entries }: NameChange, where: "seen" | "durable"): void {
  for (const { folder, name, node } of entries)
    if (node === undefined) folder[where].delete(name);
    else folder[where].set(name, node);
}

/** Programs see what is durable. */
function restore(folder: FolderNode): void {
  folder.seen.clear();
  for (const [name, node] of folder.durable) {
    folder.seen.set(name, node);
    if (node.kind === "folder") restore(node);
  }
}

function filesBelow(
  { seen }: FolderNode,
  prefix: string,
): [path: string, file: FileNode][] {
  return [...seen].flatMap(([name, node]) =>
    node.kind === "file"
      ? [[`${prefix}${name}`, node] as [string, FileNode]]
      : filesBelow(node, `${prefix}${name}/`),
  );
}

function inTheWay(path: string, above: boolean): StorageError {
  if (above) return badPath(path, "below a file");
  const message = `${path} is a file already`;
  return new StorageError("already_exists", message, { path });
}
