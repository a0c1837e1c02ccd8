import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import test from "ava";

import { readWorkspace } from "../../src/codegen/contract.ts";
import { uidOfName } from "../../src/codegen/index.ts";
import { buildContracts, refusal, requestFor } from "./contracts.ts";

const contracts = buildContracts("test/codegen/renamed");

/** Who a service and its methods are, in the order of their declaration. */
function identities(service: string): Record<string, string> {
  const set = create(FileDescriptorSetSchema, { file: contracts });
  const { services } = readWorkspace([...createFileRegistry(set).files]);
  const found = services.find(({ desc }) => desc.name === service);
  if (found === undefined) throw new Error(`no service ${service}`);
  const methods = found.methods.map(({ desc, uid }) => [desc.name, `${uid}`]);
  return Object.fromEntries([["service", `${found.uid}`], ...methods]);
}

const before = identities("LedgerService");
const after = identities("AccountService");

test("a renamed service keeps the identity of its first name", (t) => {
  t.is(after["service"], before["service"]);
  t.is(after["service"], `${uidOfName("renamed.before.LedgerService")}`);
});

test("a renamed method keeps the identity of its first name", (t) => {
  t.is(after["Credit"], before["Deposit"]);
});

test("the order of declarations does not matter", (t) => {
  t.deepEqual(Object.keys(before), ["service", "Deposit", "Withdraw"]);
  t.deepEqual(Object.keys(after), ["service", "Withdraw", "Credit"]);
  t.is(after["Withdraw"], before["Withdraw"]);
});

test("the old and the new declaration cannot be served side by side", (t) => {
  const request = requestFor(contracts, ["after.proto", "before.proto"]);
  t.regex(refusal(request), /have the same identity/);
});
