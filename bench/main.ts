/** `npm run bench`: runs the rows of the benchmark table and prints it. See docs/benchmarks.md. */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";

import { type Result, resultOf, type Row } from "./row.ts";
import { rows } from "./rows/index.ts";
import { table } from "./table.ts";

const { values, positionals } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const chosen = values.only ? positionals.map(rowNamed) : rows;
const measured: { row: Row; result: Result }[] = [];
for (const row of chosen) {
  process.stderr.write(`${row.id}: ${row.what} …\n`);
  measured.push({ row, result: resultOf(row, await row.run()) });
}

console.log(
  `\nNode ${process.version} on ${cpus()[0]?.model ?? "an unknown processor"}, ${cpus().length} cores\n`,
);
console.log(table(measured, process.stdout.isTTY === true));
for (const { result } of measured)
  if (result.note !== undefined) console.log(`\n${result.id}: ${result.note}`);

if (values.json !== undefined) {
  const plain = measured.map(
    ({ result: { id, value, unit, against, ratio } }) => ({
      id,
      value,
      unit,
      against,
      ratio,
    }),
  );
  writeFileSync(values.json, `${JSON.stringify(plain, undefined, 2)}\n`);
}

function rowNamed(id: string): Row {
  const row = rows.find((candidate) => candidate.id === id);
  if (row !== undefined) return row;
  console.error(
    `there is no row "${id}"; there are: ${rows.map((each) => each.id).join(" ")}`,
  );
  process.exit(2);
}
