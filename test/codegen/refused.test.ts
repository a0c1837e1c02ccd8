import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { create, setExtension } from "@bufbuild/protobuf";
import test from "ava";

import type { Delivery } from "../../gen/wavetank/options/v1/options_pb.ts";
import {
  method,
  MethodOptionsSchema,
} from "../../gen/wavetank/options/v1/options_pb.ts";
import {
  buildContracts,
  golden,
  refusal,
  refusedFolder,
  requestFor,
  root,
} from "./contracts.ts";

/** Each contract begins with a comment that says what is wrong with it; the full text is in a file beside it. */
const contracts = buildContracts(refusedFolder);
const names = readdirSync(join(root, refusedFolder))
  .filter((name) => name.endsWith(".proto"))
  .map((name) => name.slice(0, -".proto".length));

for (const name of names) {
  const source = readFileSync(
    join(root, refusedFolder, `${name}.proto`),
    "utf8",
  );
  const title = source.slice("// ".length, source.indexOf(".\n"));
  test(title, (t) => {
    const request = requestFor(contracts, [`${name}.proto`]);
    const actual = `${refusal(request)}\n`;
    t.is(actual, golden(`${refusedFolder}/${name}.txt`, actual));
  });
}

test("a delivery from a later version of the options is refused", (t) => {
  const name = "at-least-once.proto";
  const later = buildContracts(refusedFolder);
  const options = later.find((file) => file.name === name)?.service[0]
    ?.method[0]?.options;
  if (!options) throw new Error(`${name} has no method with options`);
  const delivery = 9 as Delivery;
  setExtension(options, method, create(MethodOptionsSchema, { delivery }));
  t.regex(
    refusal(requestFor(later, [name])),
    /at-least-once.proto:10:5: .* asks for delivery 9, unknown to this version/,
  );
});

test("problems of several contracts are reported together, by place", (t) => {
  const request = requestFor(contracts, ["then.proto", "streams.proto"]);
  const places = refusal(request).match(/^\S+:\d+:\d+/gm);
  t.deepEqual(places, [
    "streams.proto:11:5",
    "streams.proto:15:7",
    "streams.proto:16:7",
    "streams.proto:21:7",
    "streams.proto:22:7",
    "streams.proto:23:7",
    "then.proto:7:3",
  ]);
});
