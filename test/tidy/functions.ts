/** Where functions begin and end, and what they take: found by matching brackets, without a grammar. */
import { lineAt, type SourceFile } from "./source.ts";

/** One function, method, constructor, accessor or arrow function with a body in braces. */
export interface FunctionShape {
  /** Its name, or `(arrow)`. */
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  /** Parameters by position; a `this` that only types say is none. */
  readonly parameters: number;
}

/** Every function with a body. A function's length includes the functions inside it. */
export function functionsOf(file: SourceFile): FunctionShape[] {
  const { code } = file;
  const shapes: FunctionShape[] = [];
  for (
    let open = code.indexOf("(");
    open !== -1;
    open = code.indexOf("(", open + 1)
  ) {
    const head = headBefore(code, open);
    if (head === undefined) continue;
    const close = matching(code, open);
    const body = bodyAfter(code, close);
    if (body === undefined || (!body.arrow && notFunctions.has(head))) continue;
    const line = lineAt(code, open);
    shapes.push({
      name: body.arrow ? "(arrow)" : head,
      line,
      lines: lineAt(code, body.end) - line + 1,
      parameters: parameterCount(code.slice(open + 1, close)),
    });
  }
  return shapes;
}

/** What stands before a parenthesis: a name or a keyword, or nothing; `undefined` where a statement has its condition. */
function headBefore(code: string, open: number): string | undefined {
  const before = code.slice(Math.max(0, open - 300), open).trimEnd();
  // Type parameters stand between a name and its parameters.
  const bare =
    before.endsWith(">") && !before.endsWith("=>")
      ? withoutTypeParameters(before)
      : before;
  if (bare.endsWith("]")) return "[computed]";
  const name = /[#\w$]+$/.exec(bare)?.[0] ?? "";
  return controlWords.has(name) ? undefined : name;
}

const controlWords = new Set(["if", "for", "while", "switch", "catch", "with"]);
/** Before a parenthesis these begin a function only if an arrow follows. (`await` is that of `for await`.) */
const notFunctions = new Set([
  "",
  "await",
  "case",
  "return",
  "extends",
  "typeof",
  "in",
  "of",
  "yield",
  "void",
  "super",
]);

function withoutTypeParameters(text: string): string {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if (text[at] === ">" && text[at - 1] !== "=") depth += 1;
    if (text[at] === "<") depth -= 1;
    if (depth === 0) return text.slice(0, at).trimEnd();
  }
  return text;
}

const closers: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "{": "}",
  "<": ">",
};

/** The index of the bracket that closes the one at `open`; the end of the text when there is none. */
export function matching(code: string, open: number): number {
  const opener = code[open] as string;
  const closer = closers[opener] as string;
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === opener) depth += 1;
    else if (code[at] === closer && !(closer === ">" && code[at - 1] === "="))
      depth -= 1;
    if (depth === 0) return at;
  }
  return code.length;
}

interface Body {
  readonly arrow: boolean;
  readonly end: number;
}

/** The body behind a parameter list: at once, behind a return type, or behind an arrow. */
function bodyAfter(code: string, close: number): Body | undefined {
  let at = skipBlanks(code, close + 1);
  if (code[at] === ":") at = skipType(code, at + 1);
  const arrow = code.startsWith("=>", at);
  if (arrow) at = skipBlanks(code, at + 2);
  return code[at] === "{" ? { arrow, end: matching(code, at) } : undefined;
}

function skipBlanks(code: string, from: number): number {
  let at = from;
  while (/\s/.test(code[at] ?? "")) at += 1;
  return at;
}

/** The index behind a return type: a `{` or `=>` that can only be a body's, or whatever shows that it was no type. */
function skipType(code: string, from: number): number {
  let wantsType = true;
  let at = skipBlanks(code, from);
  while (at < code.length) {
    const character = code[at] as string;
    if (character === "{" && !wantsType) return at;
    if (code.startsWith("=>", at)) {
      const next = skipBlanks(code, at + 2);
      // `f(): (x: A) => B {` goes on; every other arrow is the function's own.
      if (!code.slice(from, at).trimEnd().endsWith(")") || code[next] === "{")
        return at;
      at = next;
      wantsType = true;
      continue;
    }
    if (";,)=".includes(character)) return at;
    if (character in closers) {
      at = matching(code, at) + 1;
      wantsType = false;
    } else if ("|&?:".includes(character)) {
      at += 1;
      wantsType = true;
    } else {
      const word = /^[\w$.]+/.exec(code.slice(at, at + 80))?.[0] ?? character;
      wantsType = typeOperators.has(word);
      at += word.length;
    }
    at = skipBlanks(code, at);
  }
  return at;
}

const typeOperators = new Set([
  "is",
  "asserts",
  "keyof",
  "typeof",
  "readonly",
  "extends",
  "infer",
  "unique",
  "new",
]);

/**
 * How many parameters a list has by position. Commas inside brackets of any kind separate something else. A last
 * parameter that is the object of options takes no position.
 */
export function parameterCount(list: string): number {
  const parameters = split(list).filter(
    (parameter) => parameter !== "" && !/^this\s*:/.test(parameter),
  );
  const last = parameters.at(-1) ?? "";
  return parameters.length - (/^(?:\{|options\b)/.test(last) ? 1 : 0);
}

/** What stands between the commas of a list. */
function split(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = "";
  for (let at = 0; at <= list.length; at += 1) {
    const character = list[at];
    if (character === undefined || (character === "," && depth === 0)) {
      parts.push(current.trim());
      current = "";
      continue;
    }
    if ("([{<".includes(character)) depth += 1;
    if (
      ")]}>".includes(character) &&
      !(character === ">" && list[at - 1] === "=")
    )
      depth -= 1;
    current += character;
  }
  return parts;
}
