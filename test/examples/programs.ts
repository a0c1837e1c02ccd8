/** Running examples as a new user does: from a shell, with what the build has made. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { main, root } from "../cli/support.ts";

const printLoads = new URL("./print-loads.js", import.meta.url).href;

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "wavetank-example-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every file that `wavetank run` of a simulation loads, of this package and of others. */
export async function filesLoaded(simulation: string): Promise<string[]> {
  const run = ["run", simulation, "--seeds", "3", "--seed", "1"];
  return (await loadsOf(main, ...run)).files;
}

/** What a program prints, and every file that it loads, seen from the root of this package. */
export function loadsOf(
  ...program: string[]
): Promise<{ files: string[]; output: string }> {
  return inFolder(async (folder) => {
    const list = join(folder, "loads");
    const env = { ...process.env, NODE_OPTIONS: "", LOADS: list };
    const given = ["--no-warnings", "--import", printLoads, ...program];
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, given, { cwd: root, env });
    const urls = (await readFile(list, "utf8")).trim().split("\n");
    const files = urls
      .filter((url) => url.startsWith("file:"))
      .map((url) => relative(root, fileURLToPath(url)));
    return { files, output: stdout };
  });
}

/** Start a server, use it at the address that its first line tells, and stop it as a user does. */
export function whileRunning(
  program: string,
  use: (address: string) => Promise<void>,
): Promise<number | null> {
  return inFolder(async (cwd) => {
    const file = join(root, program);
    const server = spawn(process.execPath, [file, "127.0.0.1:0"], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(server, "exit");
    try {
      const lines = createInterface(server.stdout);
      const [line] = (await once(lines, "line")) as [string];
      await use(/[\d.]+:\d+/.exec(line)?.[0] ?? line);
    } finally {
      server.kill("SIGINT");
    }
    const [code] = (await ended) as [number | null];
    return code;
  });
}
