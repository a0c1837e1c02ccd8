/** Words that make a program depend on the machine it runs on, and what to write instead. */
import { importsOf } from "./imports.ts";
import { hostRooms, roomOf, wordExceptions } from "./rooms.ts";
import { lineAt, type SourceFile } from "./source.ts";

interface BannedWord {
  /** As exceptions call it. */
  readonly word: string;
  readonly pattern: RegExp;
  readonly remedy: string;
}

const clock = "take the time from a TimeProvider";
const timers = "use schedule() or sleep() of a TimeProvider";
const chance = "take it from a RandomProvider";
const language =
  "its result depends on the machine's language; compare with < and format by hand";
const collector =
  "its effects depend on the garbage collector; release explicitly";
const machineClock = "it runs on the machine's clock; use deadline() of core";

/** A global, bare, spread or through `globalThis`, but not somebody's property of the same name. */
function name(word: string, rest = "\\b"): RegExp {
  return new RegExp(
    `(?<![\\w$#])(?<!(?<!\\.\\.)\\.)(?:globalThis\\s*\\.\\s*)?\\b${word}${rest}`,
    "g",
  );
}

export const bannedWords: readonly BannedWord[] = [
  {
    word: "Date.now",
    pattern: name("Date", "\\s*\\.\\s*now\\b"),
    remedy: clock,
  },
  { word: "new Date", pattern: /\bnew\s+Date\b/g, remedy: clock },
  { word: "Date()", pattern: name("Date", "\\s*\\("), remedy: clock },
  {
    word: "performance",
    pattern: name("performance", "\\s*\\."),
    remedy: clock,
  },
  {
    word: "Math.random",
    pattern: name("Math", "\\s*\\.\\s*random\\b"),
    remedy: chance,
  },
  { word: "crypto", pattern: name("crypto", "\\s*\\."), remedy: chance },
  {
    word: "Math.pow",
    pattern: name("Math", "\\s*\\.\\s*pow\\b"),
    remedy: "its results differ between Node versions",
  },
  {
    word: "**",
    pattern: /\*\*/g,
    remedy: "its results differ between Node versions; multiply",
  },
  { word: "setTimeout", pattern: name("setTimeout"), remedy: timers },
  { word: "setInterval", pattern: name("setInterval"), remedy: timers },
  {
    word: "setImmediate",
    pattern: name("setImmediate"),
    remedy: "use defer() or yieldNow() of a TaskProvider",
  },
  {
    word: "process",
    pattern: name("process", "\\s*[.[]"),
    remedy: "ask node/; or, if it is a variable, rename it",
  },
  {
    word: "console",
    pattern: name("console", "\\s*\\."),
    remedy: "only cli/ talks to the terminal; return or trace it",
  },
  { word: "toLocale", pattern: /\.\s*toLocale\w*/g, remedy: language },
  { word: "localeCompare", pattern: /\blocaleCompare\b/g, remedy: language },
  { word: "Intl", pattern: name("Intl", "\\s*\\."), remedy: language },
  {
    word: "FinalizationRegistry",
    pattern: name("FinalizationRegistry"),
    remedy: collector,
  },
  { word: "WeakRef", pattern: name("WeakRef"), remedy: collector },
  {
    word: "AbortSignal.timeout",
    pattern: /\bAbortSignal\s*\.\s*timeout\b/g,
    remedy: machineClock,
  },
  {
    word: "AbortSignal.any",
    pattern: /\bAbortSignal\s*\.\s*any\b/g,
    remedy: "it leaks listeners; use onAbort() of core",
  },
  {
    word: "AsyncLocalStorage",
    pattern: /\bAsyncLocalStorage\b/g,
    remedy: "pass the context as a parameter",
  },
];

/** Banned words and `node:` modules in one file of `src/`. */
export function wordFindings(file: SourceFile): string[] {
  if (hostRooms.has(roomOf(file.path))) return [];
  const words = bannedWords.flatMap(({ word, pattern, remedy }) =>
    [...file.code.matchAll(pattern)].map((match) => ({
      word,
      remedy,
      line: lineAt(file.code, match.index),
    })),
  );
  const modules = importsOf(file)
    .filter((found) => found.specifier.startsWith("node:"))
    .map(({ specifier, line }) => ({
      word: specifier,
      remedy: "only node/ and its kin may; ask them for it",
      line,
    }));
  return [...words, ...modules]
    .filter(({ word }) => !isExcused(file.path, word))
    .map(
      ({ word, remedy, line }) =>
        `${file.path}:${line} uses ${word}: ${remedy}`,
    );
}

function isExcused(path: string, word: string): boolean {
  return wordExceptions.some(
    (exception) =>
      path.startsWith(exception.file) && exception.words.includes(word),
  );
}
