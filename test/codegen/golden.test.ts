import test from "ava";

import {
  buildContracts,
  generate,
  golden,
  goldenFolder,
  requestFor,
} from "./contracts.ts";

const contracts = buildContracts(goldenFolder);
const generated = generate(
  requestFor(contracts, ["names.proto", "options.proto", "plain.proto"]),
);

for (const [what, path] of [
  ["a contract without any options", "plain_rpc.ts"],
  ["a contract with every option", "options_rpc.ts"],
  ["names that are taken in TypeScript", "names_rpc.ts"],
  ["a workspace, as its manifest", "rpc_manifest.ts"],
] as const) {
  test(`protoc-gen-wavetank writes what it always wrote for ${what}`, (t) => {
    const actual = generated.get(path) ?? "";
    t.is(actual, golden(`${goldenFolder}/${path}.golden`, actual));
  });
}

test("protoc-gen-wavetank writes one file per contract and one manifest", (t) => {
  t.deepEqual(
    [...generated.keys()],
    ["names_rpc.ts", "options_rpc.ts", "plain_rpc.ts", "rpc_manifest.ts"],
  );
});

test("protoc-gen-wavetank writes nothing for contracts without services", (t) => {
  const request = requestFor(contracts, ["golden_shared.proto"]);
  t.deepEqual([...generate(request).keys()], []);
});
