/** An `RpcError` as it travels. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import { StatusSchema } from "../../gen/wavetank/rpc/v1/status_pb.ts";
import type { Metadata } from "./metadata.ts";
import { RpcError, rpcErrorCodes, type RpcErrorCode } from "./rpc-error.ts";

/** What the server sends. */
export function encodeStatus(error: RpcError): Uint8Array {
  const { code, rawMessage, details } = error;
  const status = create(StatusSchema, {
    code: rpcErrorCodes[code],
    message: rawMessage,
    details: details.map(({ typeName, value }) => ({ typeName, value })),
  });
  return toBinary(StatusSchema, status);
}

/** What goes with an error that came. */
export interface StatusTerms {
  readonly cause?: unknown;
  readonly metadata?: Metadata | undefined;
}

/** What the client throws. A status that cannot be read is an error as well: `internal`. */
export function decodeStatus(
  bytes: Uint8Array,
  { cause, metadata }: StatusTerms = {},
): RpcError {
  try {
    const { code, message, details } = fromBinary(StatusSchema, bytes);
    return new RpcError(codesByNumber[code] ?? "unknown", message, {
      delivery: "answered",
      details,
      metadata,
      cause,
    });
  } catch (problem) {
    return new RpcError("internal", "the server's error cannot be read", {
      delivery: "answered",
      metadata,
      cause: problem,
    });
  }
}

const codesByNumber: Readonly<Record<number, RpcErrorCode>> =
  Object.fromEntries(
    Object.entries(rpcErrorCodes).map(([name, number]) => [
      number,
      name as RpcErrorCode,
    ]),
  );
