/** `wavetank node`: a simulation's processes and workloads on this machine, once. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { nodeProviders } from "../node/index.ts";
import {
  formatNodeReport,
  NodeRunner,
  type NodeReport,
  type NodeRunnerOptions,
} from "../runner/index.ts";
import type { NodeArguments } from "./arguments.ts";
import { loadSimulation } from "./load.ts";
import { paintFor } from "./terminal.ts";

/** Run it in a temporary folder, print the report, and return the exit code: 0, 1, or 130 after Ctrl-C. */
export async function runOnNode(given: NodeArguments): Promise<number> {
  const simulation = await loadSimulation(given.file);
  const root = await mkdtemp(join(tmpdir(), "wavetank-"));
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  process.once("SIGINT", interrupted);
  try {
    const options = optionsOf(given, root, stop.signal);
    const report = await new NodeRunner(simulation, options).run();
    const text = formatNodeReport(report, paintFor(process.stdout));
    process.stdout.write(`${text}\n`);
    return exitCode(report);
  } finally {
    process.off("SIGINT", interrupted);
    await rm(root, { recursive: true, force: true });
  }
}

/** What was not asked for is left to the simulation. */
function optionsOf(
  { seed, runMs }: NodeArguments,
  root: string,
  signal: AbortSignal,
): NodeRunnerOptions {
  return {
    providers: ({ name }, stopped) =>
      nodeProviders({ dataFolder: join(root, name) }, { stop: stopped }),
    signal,
    ...(seed === undefined ? {} : { seed }),
    ...(runMs === undefined ? {} : { runMs }),
  };
}

/** Ended by Ctrl-C, it is neither proved nor disproved. */
function exitCode({ aborted, success }: NodeReport): number {
  if (aborted) return 130;
  return success ? 0 : 1;
}
