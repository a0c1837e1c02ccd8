/**
 * `npm run prove -- NAME`: runs a suite over many seeds and writes what came of it to `docs/proofs/NAME.md`.
 *
 * CI runs the same suites over fresh seeds each time, but few; this is the long look, taken before a release.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { format } from "prettier";

import {
  formatReport,
  plainPaint,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { suites } from "./suites.ts";
import { proofText } from "./text.ts";

const { values, positionals } = parseArgs({
  options: { seeds: { type: "string" }, base: { type: "string" } },
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

const reports: SimulationReport[] = [];
for (const simulation of suite) {
  const report = await simulation.run({
    ...{ seeds, base },
    onProgress: (done) => {
      if (done % 100 === 0)
        process.stderr.write(`${simulation.name}: ${done} of ${seeds}\n`);
    },
  });
  console.log(formatReport(report, { paint: plainPaint, file: undefined }));
  reports.push(report);
}
mkdirSync("docs/proofs", { recursive: true });
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], {
  encoding: "utf8",
}).trim();
const text = proofText({ name, seeds, base, commit, reports });
writeFileSync(
  `docs/proofs/${name}.md`,
  await format(text, { parser: "markdown" }),
);
process.exitCode = reports.every(({ success }) => success) ? 0 : 1;
