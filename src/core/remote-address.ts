/** Where a process can be reached by others: at an IP address, or by the name of its host. */
import { shown } from "../base/shown.ts";
import { addressFlagTls, isIp, NetworkAddress } from "./address.ts";
import {
  invalidHost,
  readPort,
  splitHostPort,
  tlsPrefix,
  withoutTls,
} from "./address-text.ts";

/** Where to connect to. A `NetworkAddress` is one, and so is a `HostAddress`. */
export interface RemoteAddress {
  /** An IP address, or a name that is looked up for each connection. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection is to be encrypted, and the other side to prove who it is. */
  readonly isTls: boolean;
  /** `host:port` in canonical spelling. */
  readonly key: string;
  /** `host:port` or `tls://host:port`: what `toRemoteAddress` reads, and what tells two remotes apart. */
  readonly url: string;
  toString(): string;
}

/**
 * A process by the name of its host. Who goes by that name is asked for each new connection, so that a server may move.
 * Immutable; `url` is equal for equal addresses.
 */
export class HostAddress implements RemoteAddress {
  /** In lower case. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly key: string;
  readonly url: string;

  /** Throws `NetworkAddressParseError`. */
  constructor(host: string, port: number, isTls = false) {
    if (!isHostName(host)) throw invalidHost(host);
    this.host = host.toLowerCase();
    this.port = readPort(String(port), `${host}:${port}`);
    this.isTls = isTls;
    this.key = `${this.host}:${this.port}`;
    this.url = isTls ? tlsPrefix + this.key : this.key;
  }

  toString(): string {
    return this.key;
  }

  toJSON(): string {
    return this.key;
  }
}

/**
 * Read `ip:port`, `[ipv6]:port` or `name:port`, each perhaps with `tls://` before it; what is an address already stays
 * as it is. Throws `NetworkAddressParseError`, or `TypeError` for what is neither.
 */
export function toRemoteAddress(
  address: string | RemoteAddress,
): RemoteAddress {
  if (typeof address === "string") return parse(address);
  if (typeof address?.url === "string") return address;
  throw new TypeError(
    `an address must be a text such as "10.0.0.1:4500" or "bank:4500", a NetworkAddress or a HostAddress, not ${shown(address)}`,
  );
}

function parse(text: string): RemoteAddress {
  const hostPort = withoutTls(text);
  const isTls = hostPort !== text;
  const [host, port] = splitHostPort(hostPort);
  const number = readPort(port, hostPort);
  if (isIp(host))
    return new NetworkAddress(host, number, isTls ? addressFlagTls : 0);
  // Brackets are for IPv6 alone.
  if (hostPort.startsWith("[")) throw invalidHost(text);
  return new HostAddress(host, number, isTls);
}

/** A name as resolvers take it; underscores as well, which many services have. What ends in a number is no name. */
function isHostName(host: string): boolean {
  if (host.length > nameLengthMax) return false;
  const labels = host.replace(/\.$/, "").split(".");
  return (
    labels.every((label) => labelPattern.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? "")
  );
}

const nameLengthMax = 253;
const labelPattern = /^[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?$/i;
