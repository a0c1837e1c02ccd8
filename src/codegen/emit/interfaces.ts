/** The two faces of a service, written out so that hovering over a method shows the comment of the contract. */
import type { GeneratedFile, Printable } from "@bufbuild/protoplugin";

import type { MethodContract, ServiceContract } from "../contract.ts";
import { deliveryOf } from "../delivery.ts";
import { clientName, handlerName, runtimePackage } from "./names.ts";

/** Which side of a call an interface is for. */
type Role = "Method" | "Handler";

/** `BankServiceClient`: what a caller holds. */
export function printClient(
  file: GeneratedFile,
  service: ServiceContract,
): void {
  printInterface(file, service, "Method");
}

/** `BankServiceHandler`: what a server implements. */
export function printHandler(
  file: GeneratedFile,
  service: ServiceContract,
): void {
  printInterface(file, service, "Handler");
}

function printInterface(
  file: GeneratedFile,
  { desc, methods }: ServiceContract,
  role: Role,
): void {
  const name = role === "Method" ? clientName(desc) : handlerName(desc);
  file.print(file.jsDoc(desc));
  file.print(file.export("interface", name), " {");
  for (const method of methods) printMember(file, method, role);
  file.print("}");
}

function printMember(
  file: GeneratedFile,
  method: MethodContract,
  role: Role,
): void {
  const { desc } = method;
  file.print(file.jsDoc(desc, "  "));
  file.print(
    "  readonly ",
    desc.localName,
    ": ",
    memberType(file, method, role),
    ";",
  );
}

function memberType(
  file: GeneratedFile,
  method: MethodContract,
  role: Role,
): Printable {
  const { input, output } = method.desc;
  const typeOf = (message: typeof input): Printable => [
    "typeof ",
    file.importSchema(message),
  ];
  const runtime = (name: string): Printable =>
    file.import(name, runtimePackage, true);
  return deliveryOf(method) === "one_way"
    ? [runtime(`OneWay${role}`), "<", typeOf(input), ">"]
    : [runtime(`Unary${role}`), "<", typeOf(input), ", ", typeOf(output), ">"];
}
