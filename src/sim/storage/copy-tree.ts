/** Copies of what is on a disk. */
import { FolderNode, type TreeNode } from "./folder.ts";

/** The one copy of that node, made when it is first asked for. */
export function copyOf<T extends TreeNode>(
  node: T,
  copies: Map<TreeNode, TreeNode>,
): T {
  const known = copies.get(node);
  if (known !== undefined) return known as T;
  const copy = node.kind === "file" ? node.clone() : new FolderNode();
  copies.set(node, copy);
  if (node.kind === "folder") copyFolder(node, copy as FolderNode, copies);
  return copy as T;
}

/** Have the same names, for copies. */
export function copyFolder(
  from: FolderNode,
  to: FolderNode,
  copies: Map<TreeNode, TreeNode>,
): void {
  for (const [name, node] of from.seen) to.seen.set(name, copyOf(node, copies));
  for (const [name, node] of from.durable)
    to.durable.set(name, copyOf(node, copies));
}
