/** Source text with what is not code blanked out, so that a search for code finds code. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One file, read once and prepared for every rule. Offsets and lines are equal in all three texts. */
export interface SourceFile {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Comments are blanks. */
  readonly uncommented: string;
  /** Comments, the insides of strings, template texts and regular expressions are blanks. */
  readonly code: string;
}

export function sourceFile(path: string, text: string): SourceFile {
  return {
    path,
    text,
    uncommented: blank(text, ["comment"]),
    code: blank(text, ["comment", "literal"]),
  };
}

/** The folder that holds package.json, found from where this file runs (compiled, it is below `dist/`). */
export const repositoryRoot: string = findRoot(
  dirname(fileURLToPath(import.meta.url)),
);

/** Every file below `folder` whose name ends like one of `endings`, in the order of their paths. */
export function readTree(
  folder: string,
  endings: readonly string[],
): SourceFile[] {
  const start = join(repositoryRoot, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map((path) =>
      sourceFile(path, readFileSync(join(repositoryRoot, path), "utf8")),
    );
}

export function readRootFile(path: string): string | undefined {
  const full = join(repositoryRoot, path);
  return existsSync(full) ? readFileSync(full, "utf8") : undefined;
}

/** The line, counted from 1, that holds an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (
    let at = text.indexOf("\n");
    at !== -1 && at < offset;
    at = text.indexOf("\n", at + 1)
  )
    line += 1;
  return line;
}

type Part = "code" | "comment" | "literal";

/** Replace every character of the given parts by a blank. Line ends stay. */
export function blank(text: string, parts: readonly Part[]): string {
  let blanked = "";
  for (const [part, start, end] of partsOf(text)) {
    const piece = text.slice(start, end);
    blanked += parts.includes(part) ? piece.replace(/[^\n]/g, " ") : piece;
  }
  return blanked;
}

type Piece = readonly [part: Part, start: number, end: number];

/**
 * Cut a TypeScript text into code, comments and the insides of literals. Quotes count as code; so does what stands
 * inside `${…}`. A slash starts a regular expression where no value can end, as every scanner without a grammar decides.
 */
function* partsOf(text: string): Generator<Piece> {
  /** For every open template, how many braces are open inside its current `${`. */
  const templates: number[] = [];
  let at = 0;
  let codeStart = 0;
  while (at < text.length) {
    const found = literalAt(text, at, templates);
    if (found === undefined) {
      at += 1;
      continue;
    }
    yield ["code", codeStart, found.start];
    yield [found.part, found.start, found.end];
    codeStart = found.end;
    at = found.end + found.closing;
  }
  yield ["code", codeStart, text.length];
}

interface Found {
  readonly part: Part;
  readonly start: number;
  readonly end: number;
  /** How long the mark is that ends it: code, to be stepped over. */
  readonly closing: number;
}

/** What is no code and starts here, if anything does. */
function literalAt(
  text: string,
  at: number,
  templates: number[],
): Found | undefined {
  const character = text[at];
  if (character === "/") return slashAt(text, at);
  if (character === '"' || character === "'") {
    return {
      part: "literal",
      start: at + 1,
      end: quoteEnd(text, at + 1, character),
      closing: 1,
    };
  }
  if (character === "`") return templateText(text, at + 1, templates);
  if (templates.length === 0) return undefined;
  const top = templates.length - 1;
  if (character === "{") templates[top] = (templates[top] as number) + 1;
  if (character !== "}") return undefined;
  if (templates[top] !== 0) {
    templates[top] = (templates[top] as number) - 1;
    return undefined;
  }
  templates.pop();
  return templateText(text, at + 1, templates);
}

/** The text of a template from `start` to its end or to the next `${`. */
function templateText(text: string, start: number, templates: number[]): Found {
  let at = start;
  while (at < text.length && text[at] !== "`") {
    if (text.startsWith("${", at)) {
      templates.push(0);
      return { part: "literal", start, end: at, closing: 2 };
    }
    at += text[at] === "\\" ? 2 : 1;
  }
  return { part: "literal", start, end: Math.min(at, text.length), closing: 1 };
}

function slashAt(text: string, at: number): Found | undefined {
  if (text[at + 1] === "/")
    return {
      part: "comment",
      start: at,
      end: endOf(text, "\n", at),
      closing: 0,
    };
  if (text[at + 1] === "*") {
    return {
      part: "comment",
      start: at,
      end: Math.min(endOf(text, "*/", at + 2) + 2, text.length),
      closing: 0,
    };
  }
  if (endsValue(text.slice(Math.max(0, at - 200), at))) return undefined;
  const end = regexEnd(text, at + 1);
  return end === undefined
    ? undefined
    : { part: "literal", start: at + 1, end, closing: 1 };
}

/** Where `mark` stands, or the end of the text. */
function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

function quoteEnd(text: string, start: number, quote: string): number {
  let at = start;
  while (at < text.length && text[at] !== quote && text[at] !== "\n")
    at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

function regexEnd(text: string, start: number): number | undefined {
  let inClass = false;
  for (let at = start; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at;
  }
  return undefined;
}

/** Whether the code so far ends in a value, after which a slash divides. */
function endsValue(before: string): boolean {
  const code = before.trimEnd();
  if (code.endsWith("*/")) return false;
  const word = /[\w$]+$/.exec(code)?.[0];
  if (word !== undefined) return !beforeExpression.has(word);
  return /[)\]}"'`]$/.test(code);
}

const beforeExpression = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "delete",
  "await",
  "yield",
]);

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("no package.json above the tests");
  return findRoot(parent);
}
