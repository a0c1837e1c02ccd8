/**
 * `npm run prove -- NAME`: runs a suite over many seeds and writes what came of it to `docs/proofs/NAME.md`.
 *
 * CI runs the same suites over fresh seeds each time, but few; this is the long look, taken before a release. Each
 * simulation of a suite has a process of its own.
 */
import { execFileSync, fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { format } from "prettier";

import { formatReport, plainPaint } from "../../src/runner/index.ts";
import { suites } from "./suites.ts";
import { proofText, section } from "./text.ts";

/** What the process of one simulation found. */
interface Found {
  readonly section: string;
  readonly success: boolean;
}

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: "string" },
    base: { type: "string" },
    /** For the processes that this one starts: which simulation of the suite is theirs. */
    simulation: { type: "string" },
  },
  allowPositionals: true,
});
const name = positionals[0] ?? "";
const suite = suites[name];
if (suite === undefined) {
  const known = Object.keys(suites).join(", ");
  console.error(`there is no suite "${name}": one of ${known} is`);
  process.exit(2);
}
const seeds = Number(values.seeds ?? 10_000);
const base = Number(values.base ?? 1);

if (values.simulation === undefined) await proveAll();
else await proveOne(Number(values.simulation));

async function proveAll(): Promise<void> {
  const found = await Promise.all(suite!.map((_, index) => begin(index)));
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
    encoding: "utf8",
  }).trim();
  const sections = found.map(({ section: text }) => text);
  const text = proofText({ name, seeds, base, commit, sections });
  mkdirSync("docs/proofs", { recursive: true });
  writeFileSync(
    `docs/proofs/${name}.md`,
    await format(text, { parser: "markdown" }),
  );
  process.exitCode = found.every(({ success }) => success) ? 0 : 1;
}

function begin(index: number): Promise<Found> {
  const child = fork(fileURLToPath(import.meta.url), [
    ...process.argv.slice(2),
    `--simulation=${index}`,
  ]);
  return new Promise((resolve, reject) => {
    child.once("message", (found) => resolve(found as Found));
    child.once("exit", (code) =>
      reject(new Error(`simulation ${index} of ${name} ended with ${code}`)),
    );
  });
}

async function proveOne(index: number): Promise<void> {
  const simulation = suite![index]!;
  const report = await simulation.run({
    ...{ seeds, base },
    onProgress: (done) => {
      if (done % 100 === 0)
        process.stderr.write(`${simulation.name}: ${done} of ${seeds}\n`);
    },
  });
  console.log(formatReport(report, { paint: plainPaint, file: undefined }));
  const found: Found = { section: section(report), success: report.success };
  process.send?.(found, () => process.disconnect());
}
