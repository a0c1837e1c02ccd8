/** Reflection: what a process serves, told to tools that do not have its contracts. */
import { type DescFile, type MessageInitShape } from "@bufbuild/protobuf";

import type {
  ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import type { ServerReflectionHandler } from "../../gen/grpc/reflection/v1/reflection_rpc.ts";
import { rpcErrorCodes, type ServiceSpec } from "../rpc/index.ts";
import { bytesOf, ContractIndex, withImports } from "./contract-index.ts";

export interface ReflectionOptions {
  /**
   * Files to be found although no listed service needs them, such as those that declare extensions. Default: none.
   */
  files?: readonly DescFile[] | undefined;
}

type Response = MessageInitShape<typeof ServerReflectionResponseSchema>;
type Answer = NonNullable<Response["messageResponse"]>;

/**
 * The handler that tells of these services: `serve(transport, ServerReflectionRpc, createReflection([BankServiceRpc]))`.
 * Name those that you serve, `ServerReflectionRpc` and `HealthRpc` included if tools should see them.
 */
export function createReflection(
  specs: readonly Pick<ServiceSpec, "name" | "descriptor">[],
  { files = [] }: ReflectionOptions = {},
): ServerReflectionHandler {
  const names = [...new Set(specs.map(({ name }) => name))].sort();
  const index = new ContractIndex([
    ...specs.map(({ descriptor }) => descriptor.file),
    ...files,
  ]);
  return {
    async *serverReflectionInfo(requests): AsyncIterable<Response> {
      const sent = new Set<string>();
      for await (const request of requests)
        yield {
          validHost: request.host,
          originalRequest: request,
          messageResponse: answer({ index, names, sent }, request),
        };
    },
  };
}

/** What questions of one stream are answered from. */
interface Knowledge {
  readonly index: ContractIndex;
  /** The full names of the services. */
  readonly names: readonly string[];
  /** The names of the files that the stream has been given. */
  readonly sent: Set<string>;
}

function answer(
  { index, names, sent }: Knowledge,
  { messageRequest: { case: kind, value } }: ServerReflectionRequest,
): Answer {
  switch (kind) {
    case "listServices":
      return listOf(names);
    case "fileByFilename":
      return filesOf(index.fileNamed(value), sent) ?? unknown("file", value);
    case "fileContainingSymbol":
      return filesOf(index.fileOf(value), sent) ?? unknown("symbol", value);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = value;
      const file = index.fileOfExtension(containingType, extensionNumber);
      const name = `${containingType}:${extensionNumber}`;
      return filesOf(file, sent) ?? unknown("extension", name);
    }
    case "allExtensionNumbersOfType":
      return numbersOf(value, index) ?? unknown("message", value);
    default:
      return failure("invalid_argument", "nothing was asked");
  }
}

function listOf(names: readonly string[]): Answer {
  const service = names.map((name) => ({ name }));
  return { case: "listServicesResponse", value: { service } };
}

/**
 * A file and all that it imports, each once. What the stream was given before is left out, but for the very file that
 * was asked for.
 */
function filesOf(
  file: DescFile | undefined,
  sent: Set<string>,
): Answer | undefined {
  if (file === undefined) return undefined;
  sent.delete(file.proto.name);
  const fresh = withImports(file, sent);
  return {
    case: "fileDescriptorResponse",
    value: { fileDescriptorProto: fresh.map(bytesOf) },
  };
}

function numbersOf(
  baseTypeName: string,
  index: ContractIndex,
): Answer | undefined {
  const extensionNumber = index.extensionNumbers(baseTypeName);
  return (
    extensionNumber && {
      case: "allExtensionNumbersResponse",
      value: { baseTypeName, extensionNumber },
    }
  );
}

function unknown(what: string, name: string): Answer {
  return failure("not_found", `no ${what} "${name}" is known here`);
}

function failure(
  code: keyof typeof rpcErrorCodes,
  errorMessage: string,
): Answer {
  return {
    case: "errorResponse",
    value: { errorCode: rpcErrorCodes[code], errorMessage },
  };
}
