/** What generated files and symbols are called. */
import type { DescFile, DescService } from "@bufbuild/protobuf";

/** Where generated code finds its types: the package, never a path into it. */
export const runtimePackage = "wavetank";

/** `bank/v1/bank_rpc`: below the output folder, without extension. */
export function serviceFilePath(file: DescFile): string {
  return `${file.name}_rpc`;
}

/** What a caller holds: `BankServiceClient`. */
export function clientName(service: DescService): string {
  return `${service.name}Client`;
}

/** What a server implements: `BankServiceHandler`. */
export function handlerName(service: DescService): string {
  return `${service.name}Handler`;
}

/** What `createClient` and `serve` take: `BankServiceRpc`. */
export function specName(service: DescService): string {
  return `${service.name}Rpc`;
}
