/** Where a use of the machine stands in the user's code. */

/** A line of code, as Node shows it: in the source where Node knows source maps, in the compiled file elsewhere. */
export interface CallSite {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * - `at`: the first frame that is neither Node's nor Wavetank's.
 * - `inside`: no such frame; the use came from a callback that Node or Wavetank made on its own.
 * - `excused`: Node printing, loading code or mapping sources, or a test framework at work: no matter to a simulation.
 */
export type Located =
  | { readonly kind: "at"; readonly site: CallSite; readonly stack: string }
  | { readonly kind: "inside"; readonly stack: string }
  | { readonly kind: "excused" };

const framesMax = 40;

/** Say who is calling, from the stack as it is now. */
export function locate(): Located {
  const stack = stackNow();
  const folder = ownFolder();
  for (const line of stack.split("\n")) {
    if (excusedInternals.some((part) => line.includes(part)))
      return { kind: "excused" };
    const site = siteOf(line);
    if (site === undefined || (folder !== "" && site.file.startsWith(folder)))
      continue;
    return excusedPackages.test(site.file)
      ? { kind: "excused" }
      : { kind: "at", site, stack };
  }
  return { kind: "inside", stack };
}

/** `file:line:column`, as terminals and editors make clickable. */
export function formatCallSite({ file, line, column }: CallSite): string {
  return `${file}:${line}:${column}`;
}

/** Parts of Node that use the machine for purposes of their own. */
const excusedInternals = [
  "node:internal/console",
  "node:internal/fs/sync_write_stream",
  "node:internal/modules/",
  "node:internal/source_map/",
  "node:internal/test_runner",
];

/** Test frameworks: their clocks time tests, not what is tested. */
const excusedPackages =
  /[\\/]node_modules[\\/](?:ava|concordance|vitest|@vitest|jest|jest-[^\\/]+|@jest|mocha|chai|tap|uvu)[\\/]/;

/** A frame with a file outside of Node: `at name (file:///a/b.js:1:2)`, `at /a/b.ts:1:2`. */
function siteOf(line: string): CallSite | undefined {
  const match =
    /^\s+at (?:.*\(|async )?(?:file:\/\/)?([^()]+):(\d+):(\d+)\)?$/.exec(line);
  const file = match?.[1];
  if (file === undefined || /^(?:node:|native |<|eval )/.test(file))
    return undefined;
  return {
    file: decoded(file),
    line: Number(match?.[2]),
    column: Number(match?.[3]),
  };
}

/** Frames of modules are addresses, in which a space is `%20`. */
function decoded(file: string): string {
  try {
    return decodeURI(file);
  } catch {
    // A path with a percent sign in it, not an address.
    return file;
  }
}

function stackNow(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = framesMax;
  const stack = String(new Error("here").stack);
  Error.stackTraceLimit = stackTraceLimit;
  return stack.slice(stack.indexOf("\n    at ") + 1);
}

/**
 * Where Wavetank's own code lies, as frames show it: in `dist/src`, or in `src` where source maps lead there. Seen in a
 * frame of this very file.
 */
function ownFolder(): string {
  if (own.folder !== undefined) return own.folder;
  const path =
    stackNow()
      .split("\n")
      .map(siteOf)
      .find((site) => site !== undefined)?.file ?? "";
  const end = path.search(/node[\\/]escapes[\\/]call-site\.[jt]s$/);
  own.folder = end < 0 ? "" : path.slice(0, end);
  return own.folder;
}

const own: { folder: string | undefined } = { folder: undefined };
