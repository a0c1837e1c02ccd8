/**
 * The first frame each way on every connection: who speaks, and which protocol.
 *
 * ```
 *  0         8         10        12                16            24       25
 *  ┌─────────┬─────────┬─────────┬─────────────────┬─────────────┬────────┬──── ─
 *  │WAVETANK │ version │ oldest  │ payload size max│ incarnation │ length │ ip:port
 *  └─────────┴─────────┴─────────┴─────────────────┴─────────────┴────────┴──── ─
 * ```
 *
 * The token is zero. Bytes after the address are left to later versions.
 * After FoundationDB's `ConnectPacket` (`fdbrpc/FlowTransport.actor.cpp`).
 */
import { NetworkAddress } from "../core/index.ts";
import {
  readInt32,
  readUint16,
  writeInt32,
  writeUint16,
} from "./little-endian.ts";
import { WireError } from "./wire-error.ts";

/** The protocol that this code speaks. */
export const PROTOCOL_VERSION = 1;
/** The oldest protocol that this code still understands. */
export const PROTOCOL_VERSION_MIN = 1;
/** No handshake is larger: strangers may not make us hold more. */
export const HANDSHAKE_SIZE_MAX = 512;

/** What one side tells the other before anything else. */
export interface Handshake {
  /** Payloads above this would end the connection, so they are not sent. */
  readonly payloadSizeMax: number;
  /** A random 64-bit number that no other life of this process has. */
  readonly incarnation: bigint;
  /** Where the speaker listens, if it does. */
  readonly address: NetworkAddress | undefined;
}

/** The payload of a handshake's frame. */
export function encodeHandshake(handshake: Handshake): Uint8Array {
  const address = handshake.address?.url ?? "";
  const bytes = new Uint8Array(addressStart + address.length);
  writeText(bytes, 0, magic);
  writeUint16(bytes, 8, PROTOCOL_VERSION);
  writeUint16(bytes, 10, PROTOCOL_VERSION_MIN);
  writeInt32(bytes, 12, handshake.payloadSizeMax);
  writeInt32(bytes, 16, Number(handshake.incarnation & 0xffff_ffffn));
  writeInt32(bytes, 20, Number(handshake.incarnation >> 32n));
  bytes[24] = address.length;
  writeText(bytes, addressStart, address);
  return bytes;
}

/** Read the payload of a first frame. Throws `WireError`. */
export function decodeHandshake(payload: Uint8Array): Handshake {
  checkMagic(payload);
  if (payload.length < addressStart) throw bad("it is too short");
  checkVersion(readUint16(payload, 8), readUint16(payload, 10));
  const low = BigInt(readInt32(payload, 16) >>> 0);
  const high = BigInt(readInt32(payload, 20) >>> 0);
  return {
    payloadSizeMax: readInt32(payload, 12) >>> 0,
    incarnation: (high << 32n) | low,
    address: readAddress(payload),
  };
}

function checkMagic(payload: Uint8Array): void {
  const found = readText(payload, 0, Math.min(magic.length, payload.length));
  if (found === magic) return;
  const shown = JSON.stringify(found);
  throw new WireError(
    "bad_magic",
    `a connection starts with ${shown} and not with "${magic}"`,
    { found },
  );
}

function checkVersion(version: number, oldest: number): void {
  if (version < PROTOCOL_VERSION_MIN) {
    throw unsupported(version, PROTOCOL_VERSION_MIN);
  }
  if (oldest > PROTOCOL_VERSION) throw unsupported(oldest, PROTOCOL_VERSION);
}

function unsupported(
  offered: number,
  needed: number,
): WireError<"unsupported_version"> {
  return new WireError(
    "unsupported_version",
    `the other side speaks protocol ${offered}, this side ${needed}`,
    {
      offered,
      needed,
    },
  );
}

function readAddress(payload: Uint8Array): NetworkAddress | undefined {
  const length = payload[24] as number;
  if (length === 0) return undefined;
  if (payload.length < addressStart + length) throw bad("it is cut short");
  const text = readText(payload, addressStart, addressStart + length);
  try {
    return NetworkAddress.parse(text);
  } catch (cause) {
    throw bad(`${JSON.stringify(text)} is no address`, cause);
  }
}

function bad(problem: string, cause?: unknown): WireError<"bad_handshake"> {
  const message = `the handshake cannot be read: ${problem}`;
  return new WireError("bad_handshake", message, { problem }, { cause });
}

/** Addresses and the magic are plain ASCII. */
function writeText(bytes: Uint8Array, offset: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) {
    bytes[offset + index] = text.charCodeAt(index);
  }
}

function readText(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}

const magic = "WAVETANK";
const addressStart = 25;
