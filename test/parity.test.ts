/**
 * docs/parity.md held to its word. Each check is also shown a table that breaks it, so that none can pass by finding
 * no rows.
 */
import test from "ava";

import { exportsOf } from "./parity/exports.ts";
import { moonpoolNameCount, moonpoolNames } from "./parity/names.ts";
import {
  claimOf,
  type ParityRow,
  parityRows,
  statuses,
} from "./parity/table.ts";
import { entryPoints } from "./tidy/reach.ts";
import { blank, readRootFile } from "./tidy/source.ts";

/** Rows that are still open, of the 170 and of what came later. Lower it when you close one; never raise it. */
const openMax = 19;

const rows = parityRows(readRootFile("docs/parity.md") ?? "");
const wanted = new Map(
  Object.entries(moonpoolNames).flatMap(([kind, names]) =>
    names.map((name) => [name, kind]),
  ),
);

interface PackageJson {
  readonly exports: Readonly<
    Record<string, string | { readonly default: string }>
  >;
}
const packageJson = JSON.parse(
  readRootFile("package.json") ?? "{}",
) as PackageJson;

/** `wavetank/sim` → `src/sim.ts` */
const doors = new Map(
  Object.entries(packageJson.exports).map(([path, target]) => [
    path.replace(/^\./, "wavetank"),
    entryPoints({ exports: { [path]: target } })[0] ?? "",
  ]),
);

test("the list of names is whole", (t) => {
  const names = Object.values(moonpoolNames).flat();
  t.is(names.length, moonpoolNameCount);
  t.is(new Set(names).size, moonpoolNameCount);
});

test("every name of moonpool has exactly one row, of its kind", (t) => {
  t.deepEqual(nameFindings(rows), []);
  const [first, ...rest] = rows;
  t.regex(nameFindings(rest).join("\n"), /has no row/);
  t.regex(nameFindings([...rows, first as ParityRow]).join("\n"), /has 2 rows/);
  t.regex(
    nameFindings([...rows, { ...(first as ParityRow), name: "made_up" }]).join(
      "\n",
    ),
    /is no name of moonpool/,
  );
  t.regex(
    nameFindings([{ ...(first as ParityRow), kind: "union" }, ...rest]).join(
      "\n",
    ),
    /not a union/,
  );
});

function nameFindings(table: readonly ParityRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { name } of table) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [
    ...[...wanted.keys()]
      .filter((name) => !counts.has(name))
      .map((name) => `${name} has no row: add one`),
    ...[...counts]
      .filter(([, count]) => count > 1)
      .map(([name, count]) => `${name} has ${count} rows: keep one`),
    ...table
      .filter(({ kind }) => !kind.startsWith("later ("))
      .filter(({ name, kind }) => wanted.get(name) !== kind)
      .map(({ name, kind }) => {
        const right = wanted.get(name);
        return right === undefined
          ? `${name} is no name of moonpool 0.5.0`
          : `${name} is a ${right}, not a ${kind}`;
      }),
  ];
}

test("every row has a status and says what that status needs", (t) => {
  t.deepEqual(rows.flatMap(cellFindings), []);
  const row: ParityRow = {
    name: "X",
    kind: "struct",
    status: "same",
    ours: "`X` from `wavetank`",
    proof: "a",
    note: "",
  };
  t.deepEqual(cellFindings(row), []);
  t.is(cellFindings({ ...row, status: "done" }).length, 1);
  t.is(cellFindings({ ...row, ours: "X" }).length, 1);
  t.is(cellFindings({ ...row, proof: "" }).length, 1);
  t.is(cellFindings({ ...row, status: "replaced", note: "" }).length, 1);
  t.is(
    cellFindings({ ...row, status: "replaced", ours: "", note: "because" })
      .length,
    1,
  );
  t.is(cellFindings({ ...row, status: "open" }).length, 1);
});

function cellFindings({
  name,
  status,
  ours,
  proof,
  note,
}: ParityRow): string[] {
  const claims = status === "same" || status === "renamed";
  const wrong: [boolean, string][] = [
    [
      !(statuses as readonly string[]).includes(status),
      `the status must be one of ${statuses.join(", ")}`,
    ],
    [
      claims && claimOf(ours) === undefined,
      "say what is ours like this: `X` from `wavetank/sim`",
    ],
    [claims && proof === "", "name the test that uses it"],
    [
      status === "replaced" && (ours === "" || note === ""),
      "say what does the job, and why it is another shape",
    ],
    [status === "open" && ours !== "", "an open row has nothing of ours"],
  ];
  return wrong
    .filter(([applies]) => applies)
    .map(([, remedy]) => `${name}: ${remedy}`);
}

test("what is ours is exported by the door that is named", async (t) => {
  const findings = await Promise.all(rows.map(exportFindings));
  t.deepEqual(findings.flat(), []);
});

test("the check of exports finds a name, a door and a type that do not exist", async (t) => {
  const row = {
    name: "X",
    kind: "struct",
    status: "renamed",
    proof: "",
    note: "",
  };
  t.deepEqual(
    await exportFindings({ ...row, ours: "`UID` from `wavetank/core`" }),
    [],
  );
  t.deepEqual(
    await exportFindings({ ...row, ours: "`Providers` from `wavetank/core`" }),
    [],
  );
  t.is(
    (await exportFindings({ ...row, ours: "`UIDs` from `wavetank/core`" }))
      .length,
    1,
  );
  t.is(
    (await exportFindings({ ...row, ours: "`UID` from `wavetank/nowhere`" }))
      .length,
    1,
  );
  t.is(
    (await exportFindings({ ...row, ours: "`wavetank/nowhere`" })).length,
    1,
  );
});

/** Types can only be read in the source; a value must also be there when the built package is imported. */
async function exportFindings({
  name,
  status,
  ours,
}: ParityRow): Promise<string[]> {
  const claim =
    status === "same" || status === "renamed" ? claimOf(ours) : undefined;
  if (claim === undefined) return [];
  const source = doors.get(claim.door);
  if (source === undefined)
    return [`${name}: package.json exports no ${claim.door}`];
  if (claim.name === undefined) return [];
  const kind = exportsOf(source).get(claim.name);
  if (kind === undefined)
    return [`${name}: ${claim.door} does not export ${claim.name}`];
  if (kind === "type") return [];
  const built = (await import(claim.door)) as Record<string, unknown>;
  return claim.name in built
    ? []
    : [`${name}: the built ${claim.door} does not export ${claim.name}`];
}

test("the tests that rows name exist and use what is ours", (t) => {
  t.deepEqual(rows.flatMap(proofFindings), []);
  const row = { name: "X", kind: "struct", status: "same", note: "" };
  const proof = "test/parity.test.ts";
  t.deepEqual(
    proofFindings({ ...row, ours: "`parityRows` from `wavetank`", proof }),
    [],
  );
  t.regex(
    proofFindings({
      ...row,
      ours: "`UID` from `wavetank`",
      proof: "test/no.test.ts",
    })[0] ?? "",
    /does not exist/,
  );
  t.regex(
    proofFindings({
      ...row,
      ours: `\`No${"where"}\` from \`wavetank\``,
      proof,
    })[0] ?? "",
    /does not use/,
  );
});

function proofFindings({ name, ours, proof }: ParityRow): string[] {
  if (proof === "") return [];
  const text = proof.startsWith("test/") ? readRootFile(proof) : undefined;
  if (text === undefined) return [`${name}: ${proof} does not exist`];
  const claim = claimOf(ours);
  const used = claim?.name ?? claim?.door ?? name;
  return new RegExp(`(?<![\\w$])${used.replaceAll("$", "\\$")}(?![\\w$])`).test(
    blank(text, ["comment"]),
  )
    ? []
    : [`${name}: ${proof} does not use ${used}`];
}

test("open rows become fewer", (t) => {
  const open = rows.filter(({ status }) => status === "open").length;
  t.true(
    open <= openMax,
    `${open} rows are open, ${openMax} may be: what was built must stay`,
  );
  t.is(
    open,
    openMax,
    `only ${open} rows are open: lower openMax, so that they stay closed`,
  );
});
