/** Who may import whom: floors, columns, doors, spelling, packages. */
import { posix } from "node:path";

import {
  floorOf,
  generated,
  laboratory,
  openRoom,
  packageExceptions,
  production,
  roof,
  roofColumns,
  roomOf,
  specRooms,
} from "./rooms.ts";
import { lineAt, type SourceFile } from "./source.ts";

/** One mention of another module. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** The URL of a program to start, which has the ending of compiled files. */
  readonly isWorker: boolean;
  /** Where a relative specifier leads, from the repository's root. */
  readonly target: string | undefined;
}

/** Static imports and exports, dynamic imports, and the URLs that workers are started from. */
export function importsOf(file: SourceFile): Import[] {
  return [...file.uncommented.matchAll(importPattern)]
    .filter((match) => isCode(file, match))
    .map((match) => {
      const specifier = match[1] ?? match[2] ?? match[3] ?? "";
      const relative = specifier.startsWith(".");
      const target = relative
        ? posix.join(posix.dirname(file.path), specifier)
        : undefined;
      return {
        specifier,
        line: lineAt(file.text, match.index),
        isWorker: match[3] !== undefined,
        target,
      };
    });
}

const importPattern =
  /(?:\bfrom\s*|\bimport\s+)["']([^"'\n]+)["']|(?<!\.)\bimport\s*\(\s*["']([^"'\n]+)["']|\bnew\s+URL\(\s*["'](\.[^"'\n]+\.[jt]s)["']/g;

/** A match inside a string (a message that quotes an import) is no import: its first letter is blank in the code. */
function isCode(file: SourceFile, match: RegExpExecArray): boolean {
  return file.code[match.index] !== " ";
}

/** Every rule about imports, over one file. */
export function importFindings(
  file: SourceFile,
  packages: ReadonlySet<string>,
): string[] {
  return importsOf(file).flatMap((found) => {
    const where = `${file.path}:${found.line}`;
    const problems =
      found.target === undefined
        ? outside(file, found, packages)
        : inside(file, found, found.target);
    return problems.map(
      (problem) => `${where} imports ${found.specifier}: ${problem}`,
    );
  });
}

function inside(file: SourceFile, found: Import, target: string): string[] {
  const problems =
    found.specifier.endsWith(".ts") || found.isWorker
      ? []
      : ["write the ending .ts"];
  if (generated.some((folder) => target.startsWith(folder)))
    return [...problems, ...specs(roomOf(file.path), target)];
  if (!target.startsWith("src/"))
    return [
      ...problems,
      `src/ reaches nothing outside itself except ${generated.join(" and ")}`,
    ];
  const [from, to] = [roomOf(file.path), roomOf(target)];
  if (from === to) return problems;
  return [
    ...problems,
    ...floor(from, to),
    ...column(file.path, from, to),
    ...door(to, target),
  ];
}

function specs(from: string, target: string): string[] {
  if (!target.endsWith("_rpc.ts") || specRooms.has(from)) return [];
  return [
    "generated specs import wavetank, which may export this room; take the spec as a parameter",
  ];
}

function floor(from: string, to: string): string[] {
  if (from === roof) return floorOf.has(to) ? [] : [unknown(to)];
  if (to === roof)
    return [
      "files directly in src/ are for users; import the rooms behind them",
    ];
  const [own, other] = [floorOf.get(from), floorOf.get(to)];
  if (own === undefined) return [unknown(from)];
  if (other === undefined) return [unknown(to)];
  if (other < own) return [];
  return [
    `${to} (floor ${other}) is not below ${from} (floor ${own}); move what both need down, or take it as a parameter`,
  ];
}

function unknown(room: string): string {
  return `${room} is on no floor; give it one in test/tidy/rooms.ts and in the design of the house`;
}

function column(path: string, from: string, to: string): string[] {
  const own = from === roof ? roofColumns[path] : columnOf(from);
  if (from === roof && own === undefined)
    return [`${path} is in no column; list it in roofColumns`];
  if (own === "production" && to === "node")
    return ["production is given its providers and never imports them"];
  if (own === "production" && laboratory.has(to))
    return [`production must not know the laboratory; ${meeting}`];
  if (own === "laboratory" && production.has(to))
    return [`the laboratory must not know production; ${meeting}`];
  if (to === "codegen" && from !== "cli")
    return ["codegen runs at build time; take the value from generated code"];
  return [];
}

const meeting = "let them meet in core, in user code, in examples/ or in test/";

function columnOf(room: string): "production" | "laboratory" | undefined {
  if (production.has(room)) return "production";
  return laboratory.has(room) ? "laboratory" : undefined;
}

function door(to: string, target: string): string[] {
  if (to === openRoom || to === roof || target === `src/${to}/index.ts`)
    return [];
  return [
    `go through the door, src/${to}/index.ts, and export there what is missing`,
  ];
}

/** A specifier that is no path: only what users install, and `node:` (which the rule about words judges). */
function outside(
  file: SourceFile,
  found: Import,
  packages: ReadonlySet<string>,
): string[] {
  const name = packageOf(found.specifier);
  if (name.startsWith("node:") || packages.has(name)) return [];
  if (name === "wavetank")
    return [
      "inside the house, import the room itself, so that floors can be checked",
    ];
  const excused = packageExceptions.some(
    (exception) =>
      file.path.startsWith(exception.file) && exception.packages.includes(name),
  );
  return excused
    ? []
    : [`${name} is no dependency in package.json, so users would not have it`];
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Code that shows users what to write imports the package by its name. */
export function userImportFindings(file: SourceFile): string[] {
  return importsOf(file)
    .filter((found) => found.target?.startsWith("src/"))
    .map(
      (found) =>
        `${file.path}:${found.line} imports ${found.specifier}: examples say "wavetank/…", as users do`,
    );
}
