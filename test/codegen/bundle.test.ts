import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import test from "ava";

import {
  buildContracts,
  generate,
  goldenContracts,
  goldenFolder,
  requestFor,
  root,
} from "./contracts.ts";

/** What users run; `npm run build` writes it. */
const bundle = join(root, "dist/bin/protoc-gen-wavetank.mjs");

test("the bundled plugin writes what its source writes", (t) => {
  const request = requestFor(buildContracts(goldenFolder), [
    ...goldenContracts,
  ]);
  const input = toBinary(CodeGeneratorRequestSchema, request);
  const output = execFileSync(process.execPath, [bundle], { input });
  const { file } = fromBinary(CodeGeneratorResponseSchema, output);
  t.deepEqual(
    new Map(file.map(({ name, content }) => [name, content])),
    generate(request),
  );
});

test("the bundled plugin carries no compiler and needs no other package", (t) => {
  const source = readFileSync(bundle, "utf8");
  t.true(source.startsWith("#!/usr/bin/env node\n"));
  t.true(source.length < 500_000);
  const imports = [...source.matchAll(/from "([^"]+)";$/gm)].map(
    ([, from]) => from,
  );
  t.deepEqual([...new Set(imports)], ["node:crypto"]);
});
