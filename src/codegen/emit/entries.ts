/** What generated code says about a service and its methods, member by member. */
import type { DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";

import { invariant } from "../../base/invariant.ts";
import type { UID } from "../../core/index.ts";
import type { MethodContract, ServiceContract } from "../contract.ts";
import { declaredErrors } from "../declared-errors.ts";
import { deliveryOf } from "../delivery.ts";
import { hexadecimal, uidWords } from "./literal.ts";
import { runtimePackage } from "./names.ts";

/** A member of an object literal. */
export interface Entry {
  readonly name: string;
  readonly value: Printable;
  /** A comment at the end of its line. */
  readonly remark?: string;
}

/** The members of a `ServiceSpec`, its methods excepted. */
export function serviceEntries(
  file: GeneratedFile,
  { desc, options, uid }: ServiceContract,
): Entry[] {
  return [
    { name: "name", value: file.string(desc.typeName) },
    { name: "descriptor", value: file.importSchema(desc) },
    uidEntry(file, uid),
    ...given("wellKnown", options.wellKnown),
  ];
}

/** The members of a `MethodSpec`. */
export function methodEntries(
  file: GeneratedFile,
  method: MethodContract,
  messages: ReadonlyMap<string, DescMessage>,
): Entry[] {
  const { desc, options } = method;
  const delivery = deliveryOf(method);
  invariant(delivery, `${desc} passed the rules without a delivery`);
  return [
    { name: "name", value: file.string(desc.name) },
    { name: "id", value: hexadecimal(method.id) },
    uidEntry(file, method.uid),
    { name: "kind", value: file.string(desc.methodKind) },
    { name: "delivery", value: file.string(delivery) },
    ...given("timeoutMs", options.timeoutMs),
    { name: "input", value: file.importSchema(desc.input) },
    { name: "output", value: file.importSchema(desc.output) },
    { name: "errors", value: errorSchemas(file, method, messages) },
    ...given("dedupe", options.dedupe || undefined),
    ...given("concurrency", options.concurrency),
    ...given("public", options.public || undefined),
  ];
}

/** Optional members are left out rather than undefined. */
function given(name: string, value: number | boolean | undefined): Entry[] {
  return value === undefined ? [] : [{ name, value }];
}

/** Its digits follow as a comment, spelled as traces spell them, so that a search finds the place. */
function uidEntry(file: GeneratedFile, uid: UID): Entry {
  const constructor = file.import("UID", runtimePackage);
  const value = ["new ", constructor, "(", uidWords(uid), ")"];
  return { name: "uid", value, remark: uid.toString() };
}

function errorSchemas(
  file: GeneratedFile,
  method: MethodContract,
  messages: ReadonlyMap<string, DescMessage>,
): Printable {
  const errors = declaredErrors(method, messages);
  return file.array(errors.map((message) => file.importSchema(message)));
}
