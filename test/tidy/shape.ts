/** The size and the shape of files and functions. */
import { posix } from "node:path";

import { functionsOf, matching } from "./functions.ts";
import {
  hostRooms,
  longFiles,
  moduleVariables,
  roomOf,
  wideFunctions,
  writtenOut,
} from "./rooms.ts";
import { lineAt, type SourceFile } from "./source.ts";

const fileLinesMax = 400;
const fileLinesUnexcused = 250;
const functionLinesMax = 70;
const parametersMax = 3;

export function fileLengthFindings(
  file: SourceFile,
  excuses: Readonly<Record<string, string>> = longFiles,
): string[] {
  const lines = file.text.replace(/\n$/, "").split("\n").length;
  if (lines > fileLinesMax)
    return [
      `${file.path} has ${lines} lines: ${fileLinesMax} is the limit; split it by noun`,
    ];
  const excused = excuses[file.path] !== undefined;
  if (lines > fileLinesUnexcused && !excused) {
    return [
      `${file.path} has ${lines} lines: split it, or give the reason in longFiles of test/tidy/rooms.ts`,
    ];
  }
  if (lines <= fileLinesUnexcused && excused)
    return [`${file.path} has ${lines} lines: its excuse is no longer needed`];
  return [];
}

export function functionFindings(
  file: SourceFile,
  excuses: Readonly<Record<string, string>> = wideFunctions,
): string[] {
  return functionsOf(file).flatMap(({ name, line, lines, parameters }) => {
    const who = `${file.path}:${line} ${name}`;
    const long =
      lines > functionLinesMax
        ? [`${who} has ${lines} lines: ${functionLinesMax} is the limit`]
        : [];
    const wide =
      parameters > parametersMax &&
      excuses[`${file.path}#${name}`] === undefined;
    return wide
      ? [
          ...long,
          `${who} takes ${parameters} positional parameters: take ${parametersMax} at most, or one object`,
        ]
      : long;
  });
}

interface Construct {
  readonly what: string;
  readonly pattern: RegExp;
  readonly remedy: string;
}

const constructs: readonly Construct[] = [
  {
    what: "a default export",
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
    remedy: "export it by its name",
  },
  {
    what: "an enum",
    pattern: /(?<![\w$.])enum\s+[\w$]+\s*\{/g,
    remedy: "write a union of strings, or a frozen object",
  },
  {
    what: "a namespace",
    pattern:
      /(?<![\w$.])(?:namespace|module)\s+[\w$.]+\s*\{|\bdeclare\s+global\b/g,
    remedy: "a file is a module already",
  },
  {
    what: "a decorator",
    pattern: /(?:^|[;{}(,])\s*@[\w$]/gm,
    remedy: "call a function that takes what you would decorate",
  },
  {
    what: "a parameter property",
    pattern:
      /\bconstructor\s*\((?:[^()]*,)?\s*(?:private|public|protected|readonly)\s/g,
    remedy: "declare the field and assign it",
  },
];

/** Constructs that this code base does without. */
export function constructFindings(file: SourceFile): string[] {
  return constructs.flatMap(({ what, pattern, remedy }) =>
    [...file.code.matchAll(pattern)].map(
      (match) =>
        `${file.path}:${lineAt(file.code, match.index)} has ${what}: ${remedy}`,
    ),
  );
}

/** V8 gives an object that others are spread into a hidden class of its own: many of them are slow to read. */
export function spreadFindings(file: SourceFile): string[] {
  if (!writtenOut.has(file.path)) return [];
  return [...file.code.matchAll(/[{,]\s*\.\.\./g)].map(
    (match) =>
      `${file.path}:${lineAt(file.code, match.index)} spreads into an object: write its fields out`,
  );
}

/** Classes inherit from errors only; the rooms that meet Node's classes may have to inherit from those. */
export function inheritanceFindings(file: SourceFile): string[] {
  if (hostRooms.has(roomOf(file.path))) return [];
  return [
    ...file.code.matchAll(
      /\bclass\s+[\w$]+\s*(?:<[^{}]*?>)?\s*extends\s+([\w$.]+)/g,
    ),
  ]
    .filter((match) => !(match[1] as string).endsWith("Error"))
    .map(
      (match) =>
        `${file.path}:${lineAt(file.code, match.index)} inherits from ${match[1]}: hold one instead`,
    );
}

/** Variables of the module (`let`, `var` outside any braces) are state that every world and every test would share. */
export function moduleVariableFindings(files: readonly SourceFile[]): string[] {
  const found = files.flatMap((file) =>
    moduleVariableLines(file).map((line) => ({ path: file.path, line })),
  );
  return found
    .filter(({ path }) => {
      const allowance = moduleVariables.find((entry) =>
        path.startsWith(entry.file),
      );
      if (allowance === undefined) return true;
      const paths = [
        ...new Set(
          found
            .filter((one) => one.path.startsWith(allowance.file))
            .map((one) => one.path),
        ),
      ];
      return paths.indexOf(path) >= allowance.atMost;
    })
    .map(
      ({ path, line }) =>
        `${path}:${line} has a variable of the module: keep the state in an object that is passed`,
    );
}

function moduleVariableLines(file: SourceFile): number[] {
  const flat = outsideBraces(file.code);
  return [...flat.matchAll(/(?<![\w$.])(?:let|var)\s/g)].map((match) =>
    lineAt(flat, match.index),
  );
}

/** The code with everything inside braces blanked. */
function outsideBraces(code: string): string {
  let flat = "";
  let at = 0;
  for (
    let open = code.indexOf("{");
    open !== -1;
    open = code.indexOf("{", at)
  ) {
    const close = matching(code, open);
    flat +=
      code.slice(at, open) + code.slice(open, close + 1).replace(/[^\n]/g, " ");
    at = close + 1;
  }
  return flat + code.slice(at);
}

/** Names of files say one thing, in lower case, with hyphens. */
export function fileNameFindings(file: SourceFile): string[] {
  const name = posix.basename(file.path);
  if (/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name)) return [];
  return [
    `${file.path}: write the name in lower case with hyphens, like frame-reader.ts`,
  ];
}

/** A note that something is left to do is either done, or an issue in the tracker. */
export function leftoverFindings(file: SourceFile): string[] {
  return [...file.text.matchAll(leftover)].map(
    (match) =>
      `${file.path}:${lineAt(file.text, match.index)} says ${match[0]}: do it, or open an issue`,
  );
}

// Put together from halves, so that this file is not a finding of its own.
const leftover = new RegExp(
  ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    .map((word) => `\\b${word}\\b`)
    .join("|"),
  "g",
);

/** A room's door says what the room is and what it may import. */
export function doorCommentFindings(file: SourceFile): string[] {
  if (!/^src\/[^/]+\/index\.ts$/.test(file.path)) return [];
  const comment = /^\/\*\*[\s\S]*?\*\//.exec(file.text)?.[0];
  if (comment === undefined)
    return [
      `${file.path}: begin with what the room is, what it may import, where to start`,
    ];
  return /\b[Ii]mports?\b/.test(comment)
    ? []
    : [`${file.path}: say in the first comment what the room may import`];
}
