/** What can be wrong with bytes that arrive, or with a frame that should leave. */
import { CodedError } from "../core/index.ts";

/** What each violation of the protocol tells its catcher. */
export interface WireErrorDetails {
  /** The bytes were changed on their way. */
  checksum_mismatch: { expected: number; actual: number };
  /** A frame says that it is shorter than its own header. */
  invalid_length: { length: number };
  /** The bytes end before the frame does. Only whoever reads single frames sees this: a connection waits for the rest. */
  insufficient_data: { needed: number; available: number };
  /** A frame is larger than this side, or the other, accepts. */
  packet_too_large: { size: number; sizeMax: number };
  /** The other side speaks some other protocol. */
  bad_magic: { found: string };
  /** The other side speaks no version of the protocol that we speak. */
  unsupported_version: { offered: number; needed: number };
  /** The first frame is no handshake. */
  bad_handshake: { problem: string };
  /** A frame holds no message. */
  bad_message: { problem: string };
}
export type WireErrorCode = keyof WireErrorDetails;

/** The protocol was violated. It ends the connection, and nothing else. */
export class WireError<
  C extends WireErrorCode = WireErrorCode,
> extends CodedError<WireErrorDetails, C> {
  override readonly name = "WireError";
}

export function isWireError<C extends WireErrorCode>(
  value: unknown,
  code?: C,
): value is WireError<C> {
  return (
    value instanceof WireError && (code === undefined || value.code === code)
  );
}
