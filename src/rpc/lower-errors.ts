/** What the failures of the layers below mean to a caller: one table for all of them. */
import { because } from "../base/because.ts";
import { thrownText } from "../base/shown.ts";
import {
  type DeliveryOutcome,
  isPeerError,
  isReplyError,
  isMessagingError,
  type MessagingErrorCode,
  type PeerErrorCode,
  type ReplyErrorCode,
} from "../transport/index.ts";
import { isWireError, type WireErrorCode } from "../wire/index.ts";
import { decodeMetadata } from "./metadata.ts";
import { RpcError, type RpcErrorCode } from "./rpc-error.ts";
import { decodeStatus } from "./status.ts";

/** What becomes of one lower code. */
export interface LowerErrorRow {
  readonly code: RpcErrorCode;
  /** `as_known`: the error itself says, because the transport counts what it sends. */
  readonly delivery: DeliveryOutcome | "as_known";
}

type Rows<Code extends string> = Readonly<Record<Code, LowerErrorRow>>;

const row = (
  code: RpcErrorCode,
  delivery: LowerErrorRow["delivery"],
): LowerErrorRow => ({ code, delivery });

/** How a request ended. A code without a row does not compile. */
const reply: Rows<ReplyErrorCode> = {
  application: row("unknown", "answered"),
  broken_promise: row("unavailable", "as_known"),
  endpoint_not_found: row("unimplemented", "as_known"),
  serialization: row("invalid_argument", "as_known"),
  overloaded: row("resource_exhausted", "as_known"),
  unauthorized: row("permission_denied", "as_known"),
  stopping: row("unavailable", "as_known"),
  reply_too_large: row("resource_exhausted", "as_known"),
  maybe_delivered: row("unavailable", "as_known"),
  not_sent: row("unavailable", "as_known"),
  peer_failed: row("unavailable", "as_known"),
  deadline_exceeded: row("deadline_exceeded", "as_known"),
  cancelled: row("cancelled", "as_known"),
  queue_full: row("resource_exhausted", "as_known"),
  packet_too_large: row("resource_exhausted", "as_known"),
  closed: row("unavailable", "as_known"),
};

/** Why a connection could not be had, or broke. */
const peer: Rows<PeerErrorCode> = {
  connect_failed: row("unavailable", "not_sent"),
  connect_timed_out: row("unavailable", "not_sent"),
  connection_lost: row("unavailable", "maybe"),
  protocol_violation: row("unavailable", "maybe"),
  queue_full: row("resource_exhausted", "not_sent"),
  replies_unread: row("unavailable", "maybe"),
  connection_ended: row("unavailable", "maybe"),
  ping_timed_out: row("unavailable", "maybe"),
  idle: row("unavailable", "maybe"),
  frame_timed_out: row("unavailable", "maybe"),
  frame_crowded_out: row("unavailable", "maybe"),
  flooding: row("unavailable", "maybe"),
  closed: row("unavailable", "maybe"),
};

/** What cannot be done on this side. */
const messaging: Rows<MessagingErrorCode> = {
  invalid_well_known_token: row("invalid_argument", "not_sent"),
  token_in_use: row("already_exists", "not_sent"),
  missing_local_address: row("invalid_argument", "not_sent"),
  transport_closed: row("unavailable", "not_sent"),
};

/** What is wrong with bytes. */
const wire: Rows<WireErrorCode> = {
  checksum_mismatch: row("data_loss", "maybe"),
  invalid_length: row("unavailable", "maybe"),
  insufficient_data: row("unavailable", "maybe"),
  packet_too_large: row("resource_exhausted", "maybe"),
  bad_magic: row("unavailable", "not_sent"),
  unsupported_version: row("unavailable", "not_sent"),
  bad_handshake: row("unavailable", "not_sent"),
  bad_message: row("unavailable", "maybe"),
};

/** A message that cannot be written or read, by what it was. */
const codec: Rows<"encode_request" | "decode_response"> = {
  encode_request: row("invalid_argument", "not_sent"),
  decode_response: row("internal", "answered"),
};

/** Every row, by layer and code. */
export const lowerErrorTable: Readonly<
  Record<string, Readonly<Record<string, LowerErrorRow>>>
> = Object.freeze({
  reply,
  peer,
  messaging,
  wire,
  codec,
});

/** The `RpcError` for any failure of a call. What no layer knows is `internal`, and may have been delivered. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (isReplyError(error, "application")) {
    const { body, extra } = error.details;
    const metadata = extra.length === 0 ? undefined : decodeMetadata(extra);
    return decodeStatus(body, { metadata, cause: error });
  }
  if (isReplyError(error))
    return translate(reply[error.code], error, error.details.delivery);
  if (isPeerError(error)) return translate(peer[error.code], error);
  if (isMessagingError(error)) return translate(messaging[error.code], error);
  if (isWireError(error)) return translate(wire[error.code], error);
  return new RpcError("internal", thrownText(error), {
    delivery: "maybe",
    cause: error,
  });
}

/** The `RpcError` for a message that cannot be written or read. */
export function codecError(
  what: keyof typeof codec,
  method: string,
  cause: unknown,
): RpcError {
  const { code, delivery } = codec[what];
  const why = because(cause);
  // Some of what is wrong with messages names the method by itself.
  const text = why.startsWith(`: ${method}: `) ? why : `: ${method}${why}`;
  return new RpcError(code, `${codecSubjects[what]}${text}`, {
    delivery: delivery as DeliveryOutcome,
    cause,
  });
}

const codecSubjects: Readonly<Record<keyof typeof codec, string>> = {
  encode_request: "the request cannot be encoded",
  decode_response: "the response cannot be decoded",
};

function translate(
  entry: LowerErrorRow,
  error: Error & { readonly rawMessage: string },
  known: DeliveryOutcome = "maybe",
): RpcError {
  const delivery = entry.delivery === "as_known" ? known : entry.delivery;
  // A caller's own reason for giving up is of more use to it than our word for that.
  const cause = entry.code === "cancelled" ? (error.cause ?? error) : error;
  return new RpcError(entry.code, error.rawMessage, { delivery, cause });
}
