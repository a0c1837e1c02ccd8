/** What the screen can do. */
import {
  plainPaint,
  summaryLine,
  type Paint,
  type SimulationReport,
} from "../runner/index.ts";

/** Colours where a terminal shows them and nobody asked for none. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  if (!stream.isTTY || process.env["NO_COLOR"]) return plainPaint;
  const code =
    (open: number, close: number) =>
    (text: string): string =>
      `\u001b[${open}m${text}\u001b[${close}m`;
  return {
    good: code(32, 39),
    bad: code(31, 39),
    dim: code(2, 22),
    bold: code(1, 22),
  };
}

const barWidth = 20;
/** At most this many redraws a second, and a line now and then where nothing can be redrawn. */
const redrawMs = 100;
const lineMs = 10_000;

/** A bar that is redrawn in place, or plain lines where there is no terminal. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #shownMs = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    // Where nothing can be redrawn, a line now and then counts from here, however long it took to get here.
    if (!stream.isTTY) this.#shownMs = performance.now();
  }

  show(done: number, total: number, report: SimulationReport): void {
    const nowMs = performance.now();
    if (
      nowMs - this.#shownMs < (this.#stream.isTTY ? redrawMs : lineMs) &&
      done < total
    )
      return;
    this.#shownMs = nowMs;
    if (this.#stream.isTTY) this.#redraw(done, total, report);
    else
      this.#stream.write(
        `${done}${ofTotal(total, " of ")} seeds, ${report.failed.length} failed\n`,
      );
  }

  /** Leave the screen as it was found. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[2K");
  }

  #redraw(done: number, total: number, report: SimulationReport): void {
    const full = Math.round((done / total) * barWidth);
    const bar = "█".repeat(full) + "░".repeat(barWidth - full);
    const line = `${bar} ${done}${ofTotal(total, "/")}  ${summaryLine(report, plainPaint).slice(2)}`;
    this.#stream.write(`\r\u001b[2K${line.slice(0, this.#stream.columns - 1)}`);
  }
}

/** Where only time ends a run there is no total to speak of. */
function ofTotal(total: number, joint: string): string {
  return Number.isFinite(total) ? `${joint}${total}` : "";
}
