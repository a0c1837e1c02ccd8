/** The one error that callers and handlers of services know. */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";

import type { DeliveryOutcome } from "../transport/index.ts";
import { type Metadata, noMetadata } from "./metadata.ts";

/** The canonical codes by their numbers, as every RPC system and gateway knows them. */
export const rpcErrorCodes: {
  readonly cancelled: 1;
  readonly unknown: 2;
  readonly invalid_argument: 3;
  readonly deadline_exceeded: 4;
  readonly not_found: 5;
  readonly already_exists: 6;
  readonly permission_denied: 7;
  readonly resource_exhausted: 8;
  readonly failed_precondition: 9;
  readonly aborted: 10;
  readonly out_of_range: 11;
  readonly unimplemented: 12;
  readonly internal: 13;
  readonly unavailable: 14;
  readonly data_loss: 15;
  readonly unauthenticated: 16;
} = Object.freeze({
  cancelled: 1,
  unknown: 2,
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  already_exists: 6,
  permission_denied: 7,
  resource_exhausted: 8,
  failed_precondition: 9,
  aborted: 10,
  out_of_range: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  data_loss: 15,
  unauthenticated: 16,
});
export type RpcErrorCode = keyof typeof rpcErrorCodes;

/** A message that goes with an error. */
export interface RpcErrorDetail {
  /** Its full name: `bank.v1.InsufficientFunds`. */
  readonly typeName: string;
  /** The message in binary form. */
  readonly value: Uint8Array;
}

export interface RpcErrorOptions extends ErrorOptions {
  /** Default `answered`, which is what a handler's error is. */
  delivery?: DeliveryOutcome | undefined;
  details?: readonly RpcErrorDetail[] | undefined;
  /**
   * Goes with the error when a handler throws it, and beside what `context.replyMetadata` holds; this one wins. What
   * cannot be sent (a bad name, more than 16 KiB) is left out with all the rest, and `onError` of the server is told.
   */
  metadata?: Metadata | undefined;
}

/**
 * A call failed. Branch on `code` and `delivery`, never on `message`.
 *
 * `delivery` is what a caller has to know before trying again: the request was surely `not_sent`, `maybe` ran, or the
 * server `answered`. A handler throws one to tell its caller what is wrong; of anything else it throws, the caller
 * learns nothing but `internal`.
 */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: RpcErrorCode;
  readonly delivery: DeliveryOutcome;
  readonly details: readonly RpcErrorDetail[];
  /** What came with the error from the server, or is to go with it from there. Frozen; empty when there is none. */
  readonly metadata: Metadata;
  /** The message without the code before it. */
  readonly rawMessage: string;

  constructor(
    code: RpcErrorCode,
    message: string,
    options: RpcErrorOptions = {},
  ) {
    super(`[${code}] ${message}`, options);
    this.code = code;
    this.delivery = options.delivery ?? "answered";
    this.details = options.details ?? [];
    this.metadata =
      options.metadata === undefined
        ? noMetadata
        : Object.freeze({ ...options.metadata });
    this.rawMessage = message;
  }
}

/** Whether a caught value is an `RpcError`, with this code if one is named. */
export function isRpcError<C extends RpcErrorCode = RpcErrorCode>(
  value: unknown,
  code?: C,
): value is RpcError & { readonly code: C } {
  return (
    value instanceof RpcError && (code === undefined || value.code === code)
  );
}

/** A message to go with an error: `new RpcError("not_found", "…", { details: [errorDetail(Schema, { … })] })`. */
export function errorDetail<M extends DescMessage>(
  schema: M,
  message: MessageInitShape<M>,
): RpcErrorDetail {
  return {
    typeName: schema.typeName,
    value: toBinary(schema, create(schema, message)),
  };
}

/** The first detail of that type, if the error has one that can be read. */
export function findDetail<M extends DescMessage>(
  error: unknown,
  schema: M,
): MessageShape<M> | undefined {
  if (!(error instanceof RpcError)) return undefined;
  const detail = error.details.find(
    ({ typeName }) => typeName === schema.typeName,
  );
  if (detail === undefined) return undefined;
  try {
    return fromBinary(schema, detail.value);
  } catch {
    // A detail that cannot be read says no more than none.
    return undefined;
  }
}
