/** docs/contract-options.md answers for every option, and for everything that is refused. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import test from "ava";

import {
  Delivery,
  DeliverySchema,
  MethodOptionsSchema,
  ServiceOptionsSchema,
} from "../../gen/wavetank/options/v1/options_pb.ts";
import { refusedFolder, root } from "./contracts.ts";

const page = readFileSync(join(root, "docs/contract-options.md"), "utf8");

/** What stands below the title of an option, in the part of its kind. */
function section(
  kind: "service" | "method",
  option: string,
): string | undefined {
  const part = page
    .split(/^## /m)
    .find((text) => text.startsWith(`Options of a ${kind}`));
  return part?.split(/^### /m).find((text) => text.startsWith(`\`${option}\``));
}

for (const [kind, { fields }] of [
  ["service", ServiceOptionsSchema],
  ["method", MethodOptionsSchema],
] as const) {
  for (const { name } of fields) {
    test(`docs/contract-options.md tells of the option ${name} of a ${kind}`, (t) => {
      const text = section(kind, name) ?? t.fail("there is no section for it");
      const isForLater = /refuse[sd]/.test(text);
      t.true(isForLater || /default/i.test(text), "its default");
      const example = `option (wavetank.options.v1.${kind}).${name} = `;
      t.true(isForLater || text.includes(example), "an example");
    });
  }
}

test("docs/contract-options.md tells of every delivery", (t) => {
  const text = section("method", "delivery") ?? "";
  for (const { name } of DeliverySchema.values)
    t.true(text.includes(name), name);
  t.is(DeliverySchema.values.length, Object.keys(Delivery).length);
});

test("docs/contract-options.md has everything that is refused", (t) => {
  const linked = [
    ...page.matchAll(/\.\.\/test\/codegen\/refused\/([\w-]+\.proto)/g),
  ];
  const files = readdirSync(join(root, refusedFolder));
  t.deepEqual(
    linked.map(([, name = ""]) => name).sort(),
    files.filter((name) => name.endsWith(".proto")).sort(),
  );
});
