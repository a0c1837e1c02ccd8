/** What `wavetank` does. */
import {
  formatReport,
  type RunOptions,
  type SimulationBuilder,
  type SimulationReport,
} from "../runner/index.ts";
import { drawSeed } from "../node/index.ts";
import type { Command, ReplayArguments, RunArguments } from "./arguments.ts";
import { help } from "./help.ts";
import { loadSimulation } from "./load.ts";
import { paintFor, ProgressBar } from "./terminal.ts";
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
  }
}

async function run({
  file,
  seeds,
  base = drawSeed(),
  failuresMax,
  fingerprints,
  barrier,
}: RunArguments): Promise<number> {
  const simulation = await loadSimulation(file);
  process.stderr.write(
    `${simulation.name}: ${seeds} seeds from --seed ${base}\n`,
  );
  const options: RunOptions = {
    seeds,
    base,
    failuresMax,
    settling: barrier ? "barrier" : "tick",
  };
  const report = await withProgress(simulation, options);
  if (fingerprints)
    for (const [seed, print] of report.fingerprints)
      process.stdout.write(`${seed} ${print}\n`);
  else show(report, file);
  if (report.fingerprints.size < seeds && report.success)
    return interruptedCode;
  return report.success ? 0 : 1;
}

async function replay({
  file,
  seed,
  recipe,
}: ReplayArguments): Promise<number> {
  const simulation = await loadSimulation(file);
  const report = await simulation.run({ seeds: [seed], base: seed, recipe });
  // One seed need not show everything that a run of many must.
  const judged: SimulationReport = {
    ...report,
    problems: [],
    success: report.failed.length === 0,
  };
  show(judged, file);
  return judged.success ? 0 : 1;
}

async function withProgress(
  simulation: SimulationBuilder,
  options: RunOptions,
): Promise<SimulationReport> {
  const bar = new ProgressBar(process.stderr);
  const stop = new AbortController();
  const interrupted = (): void => stop.abort();
  process.once("SIGINT", interrupted);
  try {
    return await simulation.run({
      ...options,
      signal: stop.signal,
      onProgress: (done, total, report) => bar.show(done, total, report),
    });
  } finally {
    process.off("SIGINT", interrupted);
    bar.clear();
  }
}

function show(report: SimulationReport, file: string): void {
  process.stdout.write(
    `${formatReport(report, { paint: paintFor(process.stdout), file })}\n`,
  );
}
