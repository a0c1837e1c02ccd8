/** The two faces of a service, written out so that hovering over a method shows the comment of the contract. */
import type { DescMessage } from "@bufbuild/protobuf";
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";

import type {
  MethodContract,
  ServiceContract,
  Workspace,
} from "../contract.ts";
import { declaredErrors } from "../declared-errors.ts";
import { deliveryOf } from "../delivery.ts";
import { clientName, handlerName, runtimePackage } from "./names.ts";

/** `BankServiceClient`: what a caller holds. It knows the errors that each method declares. */
export function printClient(
  file: GeneratedFile,
  service: ServiceContract,
  { messages }: Workspace,
): void {
  printHead(file, service, clientName(service.desc));
  for (const method of service.methods) {
    const errors = declaredErrors(method, messages);
    const [name, parameters] = shapeOf(method);
    printMember(file, method, [`${name}Method`, [...parameters, errors]]);
  }
  file.print("}");
}

/** `BankServiceHandler`: what a server implements. */
export function printHandler(
  file: GeneratedFile,
  service: ServiceContract,
): void {
  printHead(file, service, handlerName(service.desc));
  for (const method of service.methods) {
    const [name, parameters] = shapeOf(method);
    printMember(file, method, [`${name}Handler`, parameters]);
  }
  file.print("}");
}

/** The name of a type of `wavetank` and what goes into its brackets: for each parameter, alternatives. */
type MemberType = readonly [name: string, parameters: Parameters];
type Parameters = readonly (readonly DescMessage[])[];

/** What is common to both sides of a method. One way, it has no response; nor, the rules see to that, errors. */
function shapeOf(method: MethodContract): MemberType {
  const { input, output, methodKind } = method.desc;
  return deliveryOf(method) === "one_way"
    ? ["OneWay", [[input]]]
    : [shapes[methodKind], [[input], [output]]];
}

function printHead(
  file: GeneratedFile,
  { desc }: ServiceContract,
  name: string,
): void {
  file.print(file.jsDoc(desc));
  file.print(file.export("interface", name), " {");
}

function printMember(
  file: GeneratedFile,
  { desc }: MethodContract,
  [name, parameters]: MemberType,
): void {
  const type = file.import(name, runtimePackage, true);
  const printed = parameters
    .filter((alternatives) => alternatives.length > 0)
    .map((alternatives) => union(file, alternatives));
  file.print(file.jsDoc(desc, "  "));
  const brackets = ["<", separate(printed, ", "), ">"];
  file.print("  readonly ", desc.localName, ": ", type, brackets, ";");
}

function union(
  file: GeneratedFile,
  messages: readonly DescMessage[],
): Printable {
  const types = messages.map((each) => ["typeof ", file.importSchema(each)]);
  return separate(types, " | ");
}

function separate(items: readonly Printable[], by: string): Printable {
  return items.flatMap((item, index) => (index === 0 ? [item] : [by, item]));
}

/** What the types of `wavetank` begin with. */
const shapes = {
  unary: "Unary",
  server_streaming: "ServerStreaming",
  client_streaming: "ClientStreaming",
  bidi_streaming: "BidiStreaming",
} as const;
