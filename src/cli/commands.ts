/** What `wavetank` does. */
import {
  formatReport,
  plural,
  type EscapeMode,
  type RunOptions,
  type SimulationBuilder,
  type SimulationReport,
} from "../runner/index.ts";
import { installEscapeDetector } from "../node/index.ts";
import type { Command, ReplayArguments, RunArguments } from "./arguments.ts";
import { help } from "./help.ts";
import { loadSimulation, moduleOf } from "./load.ts";
import { runOnNode } from "./node-command.ts";
import { paintFor, ProgressBar } from "./terminal.ts";
import { startWatchdog } from "./watchdog.ts";
import { version } from "./version.ts";

/** Ended by Ctrl-C before anything failed: neither proved nor disproved. */
const interruptedCode = 130;

/** Do it. Returns the exit code: 0 all is well, 1 the simulation failed. */
export async function execute(command: Command): Promise<number> {
  switch (command.kind) {
    case "help":
      process.stdout.write(help);
      return 0;
    case "version":
      process.stdout.write(`${version()}\n`);
      return 0;
    case "run":
      return run(command.run);
    case "replay":
      return replay(command.replay);
    case "node":
      return runOnNode(command.node);
  }
}

async function run(command: RunArguments): Promise<number> {
  const { file, fingerprints, escapes } = command;
  const simulation = await loadWatched(file, escapes);
  using watchdog = startWatchdog(command.stuckMs);
  simulation.beforeIteration((seed) => watchdog.begins(seed));
  const report = await withProgress(simulation, runOptions(command));
  if (fingerprints)
    for (const [seed, print] of report.fingerprints)
      process.stdout.write(`${seed} ${print}\n`);
  else show(report, file);
  if (report.ended === "aborted" && report.success) return interruptedCode;
  return report.success ? 0 : 1;
}

/** What was not asked for is left to the simulation. */
function runOptions(command: RunArguments): RunOptions {
  const { seeds, base, timeLimitMs, failuresMax, alone } = command;
  return {
    ...(seeds === undefined ? {} : { seeds }),
    ...(base === undefined ? {} : { base }),
    ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
    failuresMax,
    settling: command.barrier ? "barrier" : "tick",
    escapes: command.escapes,
    ...(alone > 0 && {
      alone: { module: moduleOf(command.file), seeds: alone },
    }),
  };
}

async function replay({
  file,
  seed,
  recipe,
  escapes,
  stuckMs,
}: ReplayArguments): Promise<number> {
  const simulation = await loadWatched(file, escapes);
  using watchdog = startWatchdog(stuckMs);
  // There is nothing to report of half a seed. A seed that loops hears nothing: then the watchdog ends it, and says so.
  using _ = onInterrupt(() => process.kill(process.pid, "SIGINT"));
  simulation.beforeIteration((begun) => watchdog.begins(begun));
  const report = await simulation.run({ seeds: [seed], recipe, escapes });
  // One seed need not show everything that a run of many must.
  const judged: SimulationReport = {
    ...report,
    problems: [],
    success: report.failed.length === 0,
  };
  show(judged, file);
  return judged.success ? 0 : 1;
}

/** What the user's modules take from the machine when they are loaded, they keep: it must be watched by then. */
async function loadWatched(
  file: string,
  escapes: EscapeMode,
): Promise<SimulationBuilder> {
  if (escapes !== "off") installEscapeDetector();
  return loadSimulation(file);
}

async function withProgress(
  simulation: SimulationBuilder,
  options: RunOptions,
): Promise<SimulationReport> {
  const bar = new ProgressBar(process.stderr);
  const stop = new AbortController();
  using _ = onInterrupt(() => stop.abort());
  try {
    return await simulation.run({
      ...options,
      signal: stop.signal,
      onProgress: (done, total, report) => {
        if (done === 0) announce(total, report);
        bar.show(done, total, report);
      },
    });
  } finally {
    bar.clear();
  }
}

/** Do this at the first Ctrl-C, instead of what Node does; the next one is Node's again. */
function onInterrupt(heard: () => void): Disposable {
  process.once("SIGINT", heard);
  return { [Symbol.dispose]: () => process.off("SIGINT", heard) };
}

/** First of all, what it takes to run the same seeds again, should nothing else be printed any more. */
function announce(total: number, { name, base }: SimulationReport): void {
  const seeds = Number.isFinite(total) ? plural(total, "seed") : "seeds";
  const from = base === undefined ? "as listed" : `from --seed ${base}`;
  process.stderr.write(`${name}: ${seeds} ${from}\n`);
}

function show(report: SimulationReport, file: string): void {
  process.stdout.write(
    `${formatReport(report, { paint: paintFor(process.stdout), file })}\n`,
  );
}
