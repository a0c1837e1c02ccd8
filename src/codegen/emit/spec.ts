/** Prints the data of a service: what `createClient` and `serve` work from. */
import type { GeneratedFile } from "@bufbuild/protoplugin";

import type { ServiceContract, Workspace } from "../contract.ts";
import type { Entry } from "./entries.ts";
import { methodEntries, serviceEntries } from "./entries.ts";
import { clientName, handlerName, runtimePackage, specName } from "./names.ts";

/** `BankServiceRpc` */
export function printSpec(
  file: GeneratedFile,
  service: ServiceContract,
  { messages }: Workspace,
): void {
  printHead(file, service);
  printEntries(file, "  ", serviceEntries(file, service));
  file.print("  methods: {");
  for (const method of service.methods) {
    file.print("    ", method.desc.localName, ": {");
    printEntries(file, "      ", methodEntries(file, method, messages));
    file.print("    },");
  }
  file.print("  },");
  file.print("};");
}

function printHead(file: GeneratedFile, { desc }: ServiceContract): void {
  const purpose = `Identity and methods of ${desc.typeName}, for \`createClient\` and \`serve\`.`;
  file.print(file.jsDoc(`${purpose}\n\n@generated from ${desc}`));
  const type = file.import("ServiceSpec", runtimePackage, true);
  const parameters = `<${clientName(desc)}, ${handlerName(desc)}>`;
  const name = file.export("const", specName(desc));
  file.print(name, ": ", type, parameters, " = {");
}

function printEntries(
  file: GeneratedFile,
  indentation: string,
  entries: readonly Entry[],
): void {
  for (const { name, value, remark } of entries) {
    const comment = remark === undefined ? "" : ` // ${remark}`;
    file.print(indentation, name, ": ", value, ",", comment);
  }
}
