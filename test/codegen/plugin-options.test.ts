import { readFileSync } from "node:fs";
import { join } from "node:path";

import test from "ava";

import { pluginVersion } from "../../src/codegen/index.ts";
import {
  buildContracts,
  generate,
  goldenFolder,
  refusal,
  requestFor,
  root,
} from "./contracts.ts";

const contracts = buildContracts(goldenFolder);
const plain = (parameter: string) =>
  requestFor(contracts, ["plain.proto"], parameter);

test("an option that does not exist is refused", (t) => {
  t.is(
    refusal(plain("target=ts,import_extention=ts")),
    'invalid option "import_extention=ts": there is no option "import_extention", ' +
      "remove it from `opt` in buf.gen.yaml; " +
      "useful ones are target=ts, import_extension=ts|js, map_imports=wavetank/:wavetank/gen and elide_plugin_version=true",
  );
});

test("targets other than TypeScript are refused", (t) => {
  t.is(
    refusal(plain("target=js+dts")),
    "target js+dts is not written, only TypeScript is: " +
      "add target=ts to `opt` in buf.gen.yaml and compile the result",
  );
  t.regex(refusal(plain("")), /add target=ts/);
});

test("import_extension decides how generated files import each other", (t) => {
  const importOf = (parameter: string): string | undefined =>
    /from "(\.\/plain_pb.*)"/.exec(
      generate(plain(parameter)).get("plain_rpc.ts") ?? "",
    )?.[1];
  t.is(importOf("target=ts,import_extension=ts"), "./plain_pb.ts");
  t.is(importOf("target=ts,import_extension=js"), "./plain_pb.js");
  t.is(importOf("target=ts"), "./plain_pb");
});

test("the header tells the version of the package unless elided", (t) => {
  const text = readFileSync(join(root, "package.json"), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  t.is(pluginVersion, version);
  const header = generate(plain("target=ts")).get("plain_rpc.ts") ?? "";
  t.true(header.includes(`by protoc-gen-wavetank v${version} with`));
});
