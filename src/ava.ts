/** `wavetank/ava`: simulations as AVA tests. */
import { hostNotice, installEscapeDetector } from "./node/index.ts";
import {
  formatReport,
  plainPaint,
  type RunOptions,
  type SimulationBuilder,
  type SimulationReport,
} from "./runner/index.ts";

/** The part of AVA's `t` that is needed here; so this file needs no AVA to load. */
interface Assertions {
  pass(message?: string): void;
  fail(message?: string): void;
  log(...values: unknown[]): void;
}

export interface SurvivesOptions extends RunOptions {
  /** What `wavetank replay` is to be given: the built file that exports the simulation. */
  file?: string;
}

/** `test("money survives chaos", survives, bank, { seeds: 200 })` */
export const survives: {
  exec(
    t: Assertions,
    simulation: SimulationBuilder,
    options?: SurvivesOptions,
  ): Promise<void>;
} = {
  async exec(t, simulation, options = {}) {
    const { file, ...run } = options;
    const report = await simulation.run({
      ...run,
      onProgress: (done, total, sofar) => {
        if (done === 0 && run.base === undefined) announce(sofar);
        run.onProgress?.(done, total, sofar);
      },
    });
    const text = formatReport(report, { paint: plainPaint, file });
    t.log(text);
    if (report.success) t.pass();
    else t.fail(briefly(text));
  },
};

/** What broke first, and the line to paste. AVA prints it twice, and the report, which is logged, twice as well. */
function briefly(report: string): string {
  const [summary = "", first = summary] = report.split("\n\n");
  return first.split("\n").slice(0, 2).join("\n");
}

/** Seeds that were drawn are told first of all: AVA shows what a test logs only when it ends, and this one may hang. */
function announce({ name, base }: SimulationReport): void {
  if (base !== undefined) hostNotice(`${name}: seeds from base ${base}`);
}

// Modules that are imported after this one may keep what they take from the machine: it must be watched by then.
installEscapeDetector();
