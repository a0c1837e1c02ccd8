import { createHash } from "node:crypto";

import test from "ava";

import { methodId, uidOfName } from "../../src/codegen/index.ts";
import { methodUid } from "../../src/core/index.ts";

test("uidOfName is the first half of the SHA-256 of the name", (t) => {
  const name = "bank.v1.BankService";
  const hash = createHash("sha256").update(name).digest("hex");
  t.is(uidOfName(name).toString(), hash.slice(0, 32));
  t.is(uidOfName(name).toString(), "c25b63cb173967139f62edb07db1f061");
});

test("uidOfName reads its hash big-endian", (t) => {
  const uid = uidOfName("bank.v1.BankService");
  t.is(uid.first, 0xc25b63cb17396713n);
  t.is(uid.second, 0x9f62edb07db1f061n);
});

test("methodId is the first word of the SHA-256 of the name", (t) => {
  t.is(methodId("Deposit"), 0x0da00b60);
});

test("a method's identity is its service's, with the id added to both ends", (t) => {
  const service = uidOfName("bank.v1.BankService");
  const method = methodUid(service, methodId("Deposit"));
  t.is(method.toString(), "cffb6f2b173967139f62edb08b51fbc1");
});

test("names beyond ASCII count as UTF-8", (t) => {
  const hash = createHash("sha256").update("bänk", "utf8").digest("hex");
  t.is(uidOfName("bänk").toString(), hash.slice(0, 32));
});
