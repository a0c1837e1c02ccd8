/** Running the command line as its users do. */
import { execFile, spawn, type ExecFileException } from "node:child_process";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds `package.json`. */
export const root: string = fileURLToPath(new URL("../../..", import.meta.url));
export const main: string = join(root, "dist/src/cli/main.js");

/** A compiled fixture, as a user in `root` would name it. */
export function fixture(name: string): string {
  return relative(
    root,
    fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)),
  );
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `wavetank …`, to its end. */
export function wavetank(...given: string[]): Promise<Outcome> {
  return execute(process.execPath, [main, ...given]);
}

/** What stands in a terminal after `npx wavetank`, run by a shell. */
export function pasted(line: string): Promise<Outcome> {
  return execute("sh", ["-c", `"${process.execPath}" "${main}" ${line}`]);
}

/** `wavetank …`, ended by Ctrl-C as soon as it says anything. */
export async function interrupted(
  given: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; diedOf: string | null; stdout: string }> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [main, ...given], { cwd: root, env });
  let stdout = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    if (stdout === "") child.kill("SIGINT");
    stdout += text;
  });
  return new Promise((resolve) => {
    child.once("close", (code: number, diedOf) =>
      resolve({ code, diedOf, stdout }),
    );
  });
}

/**
 * `wavetank …`, ended by this signal as soon as its other stream says this; an interrupt goes to its whole group, as from
 * a terminal. Returns all that was said there, by whom, and what it died of.
 */
export async function endedAfter(
  said: string,
  given: readonly string[],
  signal: "SIGKILL" | "SIGINT",
): Promise<{ stderr: string; pid: number; diedOf: string | null }> {
  const child = spawn(process.execPath, [main, ...given], {
    ...{ cwd: root, detached: true, stdio: ["ignore", "ignore", "pipe"] },
  });
  const { pid = 0 } = child;
  const closed = new Promise<string | null>((resolve) => {
    child.once("close", (_, diedOf) => resolve(diedOf));
  });
  let [stderr, sent] = ["", false];
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    stderr += text;
    if (sent || !stderr.includes(said)) return;
    sent = true;
    process.kill(signal === "SIGINT" ? -pid : pid, signal);
  });
  return { diedOf: await closed, stderr, pid };
}

function execute(file: string, given: string[]): Promise<Outcome> {
  const options = {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "" },
    maxBuffer: 16_000_000,
  };
  return new Promise((resolve) => {
    execFile(
      file,
      given,
      options,
      (error: ExecFileException | null, stdout, stderr) => {
        const code =
          error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** The lines from the first failure to its replay line, and what stands there after `npx wavetank`. */
export function firstFailure(stdout: string): {
  lines: string[];
  line: string;
} {
  const lines = stdout.split("\n");
  const at = lines.findIndex((line) => line.startsWith("  replay: "));
  const line = lines[at]?.split("npx wavetank ")[1] ?? "";
  return { lines: lines.slice(at - 1, at + 2), line };
}
