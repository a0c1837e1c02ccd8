/** Where a process can be reached. */
import { shown } from "../base/shown.ts";
import {
  invalidIp,
  invalidPort,
  isPort,
  readPort,
  splitHostPort,
  tlsPrefix,
  withoutTls,
} from "./address-text.ts";
import { canonicalIp } from "./ip.ts";

/** Connections to this address use TLS. */
export const addressFlagTls = 1;
/** This address is meant for callers outside the cluster. */
export const addressFlagPublic = 2;

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
    const plain = withoutTls(text);
    const [ip, port] = splitHostPort(plain);
    const all = plain === text ? flags : flags | addressFlagTls;
    return new NetworkAddress(ip, readPort(port, plain), all);
  }

  /** The same as `ip`: what names of hosts have instead. */
  get host(): string {
    return this.ip;
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
