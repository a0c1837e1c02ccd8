/** Where a process can be reached. */
import { shown } from "../base/shown.ts";
import { CodedError } from "./errors.ts";
import { canonicalIp } from "./ip.ts";

/** Connections to this address use TLS. */
export const addressFlagTls = 1;
/** This address is meant for callers outside the cluster. */
export const addressFlagPublic = 2;

/** Before an address that is reached by TLS. */
const tlsPrefix = "tls://";

/** What is wrong with a text that should have been an address. */
export interface NetworkAddressParseErrorDetails {
  invalid_ip: { text: string };
  invalid_port: { text: string };
  missing_port: { text: string };
}
export type NetworkAddressParseErrorCode =
  keyof NetworkAddressParseErrorDetails;

/** A text is no `ip:port`. */
export class NetworkAddressParseError<
  C extends NetworkAddressParseErrorCode = NetworkAddressParseErrorCode,
> extends CodedError<NetworkAddressParseErrorDetails, C> {
  override readonly name = "NetworkAddressParseError";
}

/** An IP address, a port and flags. Immutable; `key` is equal for equal addresses. */
export class NetworkAddress {
  readonly ip: string;
  readonly port: number;
  readonly flags: number;
  /** `ip:port` in canonical spelling, without the flags: what a connection is made to. */
  readonly key: string;

  constructor(ip: string, port: number, flags = 0) {
    const canonical = canonicalIp(ip);
    if (canonical === undefined) throw invalidIp(ip);
    if (!isPort(port)) throw invalidPort(String(port));
    this.ip = canonical;
    this.port = port;
    this.flags = flags;
    this.key = canonical.includes(":")
      ? `[${canonical}]:${port}`
      : `${canonical}:${port}`;
  }

  /**
   * Read `1.2.3.4:80` or `[::1]:80`; `tls://` before it sets the TLS flag.
   * Throws `NetworkAddressParseError`.
   */
  static parse(text: string, flags = 0): NetworkAddress {
    if (text.startsWith(tlsPrefix))
      return NetworkAddress.parse(
        text.slice(tlsPrefix.length),
        flags | addressFlagTls,
      );
    const [ip, port] = splitHostPort(text);
    if (!/^\d{1,5}$/.test(port)) throw invalidPort(text);
    return new NetworkAddress(ip, Number(port), flags);
  }

  get isTls(): boolean {
    return (this.flags & addressFlagTls) !== 0;
  }

  get isPublic(): boolean {
    return (this.flags & addressFlagPublic) !== 0;
  }

  equals(other: NetworkAddress): boolean {
    return this.key === other.key && this.flags === other.flags;
  }

  withPort(port: number): NetworkAddress {
    return new NetworkAddress(this.ip, port, this.flags);
  }

  /** `ip:port`, or `tls://ip:port`: what `parse` reads, and what tells two remotes apart. */
  get url(): string {
    return this.isTls ? tlsPrefix + this.key : this.key;
  }

  /** `ip:port`, as `parse` reads it. Flags are not part of the text. */
  toString(): string {
    return this.key;
  }

  toJSON(): string {
    return this.key;
  }
}

/** Accept an address in either form. Throws `NetworkAddressParseError`, or `TypeError` for what is neither. */
export function toAddress(address: string | NetworkAddress): NetworkAddress {
  if (typeof address === "string") return NetworkAddress.parse(address);
  if (typeof address?.key === "string") return address;
  throw new TypeError(
    `an address must be a text such as "10.0.0.1:4500" or a NetworkAddress, not ${shown(address)}`,
  );
}

/** Whether a host is an address already, and no name. */
export function isIp(host: string): boolean {
  return canonicalIp(host) !== undefined;
}

/** Split `host:port` at the right colon. The host may be a name; brackets around IPv6 are required. */
export function splitHostPort(text: string): [host: string, port: string] {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:\]]*)$/.exec(text);
  if (match !== null) return [match[1] ?? match[2] ?? "", match[3] ?? ""];
  if (
    canonicalIp(text.replace(/^\[|\]$/g, "")) !== undefined ||
    !text.includes(":")
  ) {
    throw new NetworkAddressParseError(
      "missing_port",
      `"${text}" has no port: write ip:port or [ipv6]:port`,
      { text },
    );
  }
  throw invalidIp(text);
}

/** Where to connect to: an IP address, or a name that is still to be resolved. */
export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  /** Whether the connection is to be encrypted, and the other side to prove who it is. */
  readonly isTls: boolean;
  /** `host:port` */
  readonly key: string;
}

/** Read `host:port` or `tls://host:port`; the host may be a name. Throws `NetworkAddressParseError`. */
export function connectTarget(address: string | NetworkAddress): ConnectTarget {
  if (typeof address !== "string") {
    const { ip: host, port, isTls, key } = address;
    return { host, port, isTls, key };
  }
  const isTls = address.startsWith(tlsPrefix);
  const key = isTls ? address.slice(tlsPrefix.length) : address;
  const [host, digits] = splitHostPort(key);
  const port = Number(digits);
  if (/^\d{1,5}$/.test(digits) && isPort(port))
    return { host, port, isTls, key };
  throw invalidPort(address);
}

/** One life of a process: its address, and a number that no other life of it has. */
export class NodeAddress {
  readonly address: NetworkAddress;
  readonly incarnation: bigint;

  constructor(address: NetworkAddress, incarnation: bigint) {
    this.address = address;
    this.incarnation = incarnation;
  }

  equals(other: NodeAddress): boolean {
    return (
      this.incarnation === other.incarnation &&
      this.address.equals(other.address)
    );
  }

  toString(): string {
    return `${this.address.key}@${this.incarnation}`;
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function invalidIp(text: string): NetworkAddressParseError<"invalid_ip"> {
  return new NetworkAddressParseError(
    "invalid_ip",
    `"${text}" has no valid IP address: write ip:port or [ipv6]:port, and look up the names of hosts before`,
    { text },
  );
}

function invalidPort(text: string): NetworkAddressParseError<"invalid_port"> {
  return new NetworkAddressParseError(
    "invalid_port",
    `"${text}" has no valid port: 0 to 65535 is`,
    { text },
  );
}
