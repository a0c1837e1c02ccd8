/** What the screen is shown: colours where it has them, a bar where it can be redrawn, plain lines elsewhere. */
import test from "ava";

import { paintFor, ProgressBar } from "../../src/cli/terminal.ts";
import {
  plainPaint,
  SimulationBuilder,
  type SimulationReport,
} from "../../src/runner/index.ts";

/** A stream that remembers what was written to it. */
function stream(
  isTTY: boolean,
  columns = 200,
): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return {
    stream: { isTTY, columns, write } as unknown as NodeJS.WriteStream,
    written,
  };
}

/** Do something with `NO_COLOR` set to this, or not set at all. */
function withNoColour<T>(value: string | undefined, work: () => T): T {
  const before = process.env["NO_COLOR"];
  if (value === undefined) delete process.env["NO_COLOR"];
  else process.env["NO_COLOR"] = value;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env["NO_COLOR"];
    else process.env["NO_COLOR"] = before;
  }
}

let report: SimulationReport;
test.before(async () => {
  report = await new SimulationBuilder("bank")
    .workload(() => ({ name: "w", run: () => Promise.resolve() }))
    .run({ seeds: 2, base: 1 });
});

test.serial("a terminal gets colours that end where they should", (t) => {
  const paint = withNoColour(undefined, () => paintFor(stream(true).stream));
  t.is(paint.good("x"), "\u001b[32mx\u001b[39m");
  t.is(paint.bad("x"), "\u001b[31mx\u001b[39m");
  t.is(paint.dim("x"), "\u001b[2mx\u001b[22m");
  t.is(paint.bold("x"), "\u001b[1mx\u001b[22m");
});

test.serial(
  "NO_COLOR takes the colours away unless it is empty, and so does a pipe",
  (t) => {
    t.is(
      withNoColour("1", () => paintFor(stream(true).stream)),
      plainPaint,
    );
    t.not(
      withNoColour("", () => paintFor(stream(true).stream)),
      plainPaint,
    );
    t.is(
      withNoColour(undefined, () => paintFor(stream(false).stream)),
      plainPaint,
    );
  },
);

test.serial(
  "a terminal is shown one line that is redrawn, and cleared in the end",
  (t) => {
    const { stream: terminal, written } = stream(true);
    const bar = new ProgressBar(terminal);
    bar.show(5, 10, report);
    bar.show(6, 10, report);
    bar.show(10, 10, report);
    bar.clear();
    t.is(written.length, 3, "no redraw for each seed, but one for the last");
    t.true(
      written[0]?.startsWith(
        "\r\u001b[2K██████████░░░░░░░░░░ 5/10  bank  2 seeds from 1 · ",
      ),
    );
    t.true(
      written[1]?.startsWith("\r\u001b[2K████████████████████ 10/10  bank"),
    );
    t.is(written[2], "\r\u001b[2K");
    t.true(written.every((text) => !text.includes("\n")));
  },
);

test.serial(
  "a narrow terminal is shown no more than fits into one line",
  (t) => {
    const { stream: terminal, written } = stream(true, 40);
    new ProgressBar(terminal).show(10, 10, report);
    t.is(written[0]?.length, "\r\u001b[2K".length + 39);
  },
);

test.serial(
  "a pipe is told in plain lines, seldom, and in any case at the end",
  (t) => {
    const { stream: pipe, written } = stream(false);
    const bar = new ProgressBar(pipe);
    bar.show(10, 10, report);
    for (let done = 1; done < 10; done += 1) bar.show(done, 10, report);
    bar.clear();
    t.deepEqual(written, ["10 of 10 seeds, 0 failed\n"]);
  },
);
