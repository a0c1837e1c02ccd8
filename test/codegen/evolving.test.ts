/** What docs/evolving-contracts.md says of changes to a contract, example by example. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import test from "ava";

import {
  buildContracts,
  generate,
  requestFor,
  root,
  tryTool,
} from "./contracts.ts";
import {
  type Example,
  exception,
  published,
  readExamples,
} from "./evolving-examples.ts";

const scratch = "dist/test/codegen/scratch/evolving";
rmSync(join(root, scratch), { recursive: true, force: true });

/** What users are advised to begin with. */
const strict = "breaking:\n  use:\n    - FILE\n";

/** Write the repository of a user: contracts of its own by path, and ours beside them. */
function repository(
  name: string,
  contracts: Readonly<Record<string, string>>,
  rules = strict,
): string {
  const folder = `${scratch}/${name}`;
  const modules = "version: v2\nmodules:\n  - path: proto\n  - path: ours\n";
  for (const [path, text] of [
    ["buf.yaml", modules + rules] as const,
    ...Object.entries(contracts).map(
      ([path, text]) => [`proto/${path}`, text] as const,
    ),
  ]) {
    mkdirSync(dirname(join(root, folder, path)), { recursive: true });
    writeFileSync(join(root, folder, path), text);
  }
  const ours = join(root, folder, "ours/wavetank");
  cpSync(join(root, "proto/wavetank"), ours, { recursive: true });
  return folder;
}

interface Finding {
  readonly path: string;
  /** The id of the rule. */
  readonly type: string;
}

interface Verdict {
  readonly exitCode: number | null;
  readonly findings: readonly Finding[];
}

function bufBreaking(after: string, before: string): Verdict {
  const { status, stdout, stderr } = tryTool("buf", [
    "breaking",
    `${after}/proto`,
    ...["--against", `${before}/proto`],
    ...["--error-format", "json"],
  ]);
  const lines = stdout.toString().split("\n").filter(Boolean);
  if (lines.length === 0 && status !== 0) throw new Error(stderr.toString());
  const findings = lines.map((line) => JSON.parse(line) as Finding);
  return { exitCode: status, findings };
}

/**
 * Examples that one run of each tool judges, for tools take their time: each has a package of its own, the same before
 * and after.
 */
interface Batch {
  readonly verdict: Verdict;
  /** Where services and methods were found, and are: what is generated of it, by path. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

const folderOf = ({ line }: Example): string => `line${line}/board/v1`;

function judge(name: string, examples: readonly Example[]): Batch {
  const write = (side: "before" | "after"): string => {
    const contracts = examples.map((example) => {
      const text = example[side].replaceAll(
        "board.v",
        `line${example.line}.board.v`,
      );
      return [`${folderOf(example)}/board.proto`, text] as const;
    });
    return repository(`${name}-${side}`, Object.fromEntries(contracts));
  };
  const [before, after] = [write("before"), write("after")];
  return {
    verdict: bufBreaking(after, before),
    before: generateAll(`${before}/proto`),
    after: generateAll(`${after}/proto`),
  };
}

function generateAll(folder: string): Map<string, string> {
  const contracts = buildContracts(folder);
  const own = contracts
    .map(({ name }) => name)
    .filter((name) => name.startsWith("line"));
  return generate(requestFor(contracts, own));
}

/** The lines of generated code that say who something is, or where. */
function identities(code = ""): string[] {
  const lines = [...code.matchAll(/^ +((?:uid|wellKnown): .*)$/gm)];
  return lines.map(([, line = ""]) => line);
}

const examples = readExamples();
const passes = ({ claim }: Example): boolean =>
  claim === "safe" || claim === "unseen";
const passing = judge("passing", examples.filter(passes));
const refused = judge(
  "refused",
  examples.filter((example) => !passes(example)),
);

test("docs/evolving-contracts.md has examples of each kind", (t) => {
  const count = (claim: Example["claim"]): number =>
    examples.filter((example) => example.claim === claim).length;
  t.true(count("safe") >= 5, "safe");
  t.true(count("refused") >= 10, "refused");
  t.true(count("renamed") >= 2, "renamed");
  t.true(count("unseen") >= 2, "unseen");
});

test("buf breaking ends with 0 when it refuses nothing, else with 100", (t) => {
  t.deepEqual(passing.verdict, { exitCode: 0, findings: [] });
  t.is(refused.verdict.exitCode, 100);
});

for (const example of examples) {
  const { line, claim, rules } = example;
  test(`docs/evolving-contracts.md:${line}: a change is ${claim}`, (t) => {
    const { verdict, before, after } = passes(example) ? passing : refused;
    const found = verdict.findings.filter(({ path }) =>
      path.includes(folderOf(example)),
    );
    t.deepEqual(found.map(({ type }) => type).sort(), [...rules].sort());
    if (claim === "refused") return;
    const file = `${folderOf(example)}/board_rpc.ts`;
    const were = identities(before.get(file));
    const are = new Set(identities(after.get(file)));
    t.true(were.length > 0);
    const lost = were.filter((identity) => !are.has(identity));
    const shifted = (after.get(file)?.match(/wellKnown/g) ?? []).length > 0;
    t.is(lost.length > 0 || shifted, claim === "unseen", lost.join("\n"));
  });
}

test("a rename passes with the exception, and nothing else does", (t) => {
  const renamed = examples.filter(({ claim }) => claim === "renamed");
  const path = "board/v1/board.proto";
  const before = repository("rename-before", { [path]: published });
  for (const [index, { after, rules }] of renamed.entries()) {
    const contract = { [path]: after };
    const plain = bufBreaking(
      repository(`rename-plain-${index}`, contract),
      before,
    );
    t.deepEqual(
      plain.findings.map(({ type }) => type).sort(),
      [...rules].sort(),
    );
    const excused = repository(`rename-excused-${index}`, contract, exception);
    t.deepEqual(bufBreaking(excused, before), { exitCode: 0, findings: [] });
    const text = "string text = 2;";
    const more = { [path]: after.replace(text, "") };
    t.true(after.includes(text));
    const worse = bufBreaking(
      repository(`rename-worse-${index}`, more, exception),
      before,
    );
    t.is(worse.exitCode, 100);
    t.deepEqual(
      worse.findings.map(({ type }) => type),
      ["FIELD_NO_DELETE"],
    );
  }
});
