import { CodeGeneratorResponse_Feature, Edition } from "@bufbuild/protobuf/wkt";
import test from "ava";

import { wavetankPlugin } from "../../src/codegen/index.ts";
import {
  buildContracts,
  generate,
  golden,
  goldenContracts,
  goldenFolder,
  requestFor,
} from "./contracts.ts";

const contracts = buildContracts(goldenFolder);
const request = requestFor(contracts, [...goldenContracts]);
const generated = generate(request);

for (const [what, path] of [
  ["a contract without any options", "plain_rpc.ts"],
  ["a contract with every option", "options_rpc.ts"],
  ["streams of every kind", "streams_rpc.ts"],
  ["names that are taken in TypeScript", "names_rpc.ts"],
  ["a contract of proto2", "proto2_rpc.ts"],
  ["a contract of edition 2023", "edition2023_rpc.ts"],
  ["a contract of edition 2024", "edition2024_rpc.ts"],
  ["a workspace, as its manifest", "rpc_manifest.ts"],
] as const) {
  test(`protoc-gen-wavetank writes what it always wrote for ${what}`, (t) => {
    const actual = generated.get(path) ?? "";
    t.is(actual, golden(`${goldenFolder}/${path}.golden`, actual));
  });
}

test("protoc-gen-wavetank writes one file per contract and one manifest", (t) => {
  const files = goldenContracts.map((name) =>
    name.replace(".proto", "_rpc.ts"),
  );
  t.deepEqual([...generated.keys()], [...files, "rpc_manifest.ts"]);
});

test("protoc-gen-wavetank writes nothing for contracts without services", (t) => {
  const shared = requestFor(contracts, ["golden_shared.proto"]);
  t.deepEqual([...generate(shared).keys()], []);
});

test("protoc-gen-wavetank says which syntaxes and editions it takes", (t) => {
  const response = wavetankPlugin.run(request);
  const features = Number(response.supportedFeatures);
  t.truthy(features & CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS);
  t.truthy(features & CodeGeneratorResponse_Feature.PROTO3_OPTIONAL);
  t.is(response.minimumEdition, Edition.EDITION_PROTO2);
  t.is(response.maximumEdition, Edition.EDITION_2024);
});

test("an edition later than 2024 is refused", (t) => {
  const later = buildContracts(goldenFolder);
  for (const file of later)
    if (file.name === "edition2024.proto") file.edition = 1002 as Edition;
  t.throws(() => generate(requestFor(later, ["edition2024.proto"])), {
    message: /edition/i,
  });
});
