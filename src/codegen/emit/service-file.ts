/** Writes `bank_rpc.ts` beside the `bank_pb.ts` of protoc-gen-es. */
import type { Schema } from "@bufbuild/protoplugin";

import type { ServiceContract, Workspace } from "../contract.ts";
import { printClient, printHandler } from "./interfaces.ts";
import { serviceFilePath } from "./names.ts";
import { printSpec } from "./spec.ts";

/** For each service of a contract its two interfaces, then its data; no behaviour. */
export function writeServiceFile(
  schema: Schema,
  services: readonly ServiceContract[],
  workspace: Workspace,
): void {
  const source = services[0]?.desc.file;
  if (source === undefined) return;
  const file = schema.generateFile(`${serviceFilePath(source)}.ts`);
  file.preamble(source);
  for (const [index, service] of services.entries()) {
    if (index > 0) file.print();
    printClient(file, service, workspace);
    file.print();
    printHandler(file, service);
    file.print();
    printSpec(file, service, workspace);
  }
}
