/** What a door exports, types included, as its source says. */
import { posix } from "node:path";

import { blank, readRootFile } from "../tidy/source.ts";

/** Whether an export exists when the program runs, or only for the compiler. */
export type ExportKind = "value" | "type";

/** Every name that can be imported from a source file, following what it exports from others. */
export function exportsOf(
  path: string,
  read: (path: string) => string | undefined = readRootFile,
): Map<string, ExportKind> {
  const found = new Map<string, ExportKind>();
  const text = read(path);
  if (text === undefined) return found;
  const code = blank(text, ["comment"]);
  for (const [, from = ""] of code.matchAll(
    /\bexport\s*\*\s*from\s*"(\.[^"]+)"/g,
  )) {
    for (const [name, kind] of exportsOf(beside(path, from), read))
      found.set(name, kind);
  }
  for (const [, type, list = "", from] of code.matchAll(
    /\bexport\s+(type\s+)?\{([^}]*)\}(?:\s*from\s*"(\.[^"]+)")?/g,
  )) {
    for (const { name, original, isType } of listed(list)) {
      const kind =
        from === undefined
          ? "value"
          : exportsOf(beside(path, from), read).get(original);
      if (kind !== undefined)
        found.set(name, type !== undefined || isType ? "type" : kind);
    }
  }
  for (const [, keyword = "", name = ""] of code.matchAll(declaration)) {
    const isValue = !["interface", "type"].includes(keyword);
    if (isValue || !found.has(name))
      found.set(name, isValue ? "value" : "type");
  }
  return found;
}

const declaration =
  /\bexport\s+(?:declare\s+|abstract\s+|async\s+)*(class|function|const|let|interface|type)\s*\*?\s*([\w$]+)/g;

function listed(
  list: string,
): { name: string; original: string; isType: boolean }[] {
  return list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => {
      const isType = /^type\s/.test(entry);
      const [original = "", name = original] = entry
        .replace(/^type\s+/, "")
        .split(/\s+as\s+/);
      return { name, original, isType };
    });
}

function beside(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier);
}
