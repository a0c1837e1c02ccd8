/** Addresses as texts: what all kinds of them have in common. */
import { CodedError } from "./errors.ts";
import { canonicalIp } from "./ip.ts";

/** Before an address that is reached by TLS. */
export const tlsPrefix = "tls://";

/** What is wrong with a text that should have been an address. */
export interface NetworkAddressParseErrorDetails {
  invalid_ip: { text: string };
  invalid_host: { text: string };
  invalid_port: { text: string };
  missing_port: { text: string };
}
export type NetworkAddressParseErrorCode =
  keyof NetworkAddressParseErrorDetails;

/** A text is no address. */
export class NetworkAddressParseError<
  C extends NetworkAddressParseErrorCode = NetworkAddressParseErrorCode,
> extends CodedError<NetworkAddressParseErrorDetails, C> {
  override readonly name = "NetworkAddressParseError";
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
      `"${text}" has no port: write it after a colon, with brackets around IPv6`,
      { text },
    );
  }
  throw invalidHost(text);
}

/** What stands after `tls://`, or all. */
export function withoutTls(text: string): string {
  return text.startsWith(tlsPrefix) ? text.slice(tlsPrefix.length) : text;
}

/** The port in `text`, by its digits. Throws `NetworkAddressParseError`. */
export function readPort(digits: string, text: string): number {
  const port = Number(digits);
  if (/^\d{1,5}$/.test(digits) && isPort(port)) return port;
  throw invalidPort(text);
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

export function invalidIp(
  text: string,
): NetworkAddressParseError<"invalid_ip"> {
  return new NetworkAddressParseError(
    "invalid_ip",
    `"${text}" has no valid IP address: write ip:port or [ipv6]:port; names of hosts are for those who connect`,
    { text },
  );
}

export function invalidHost(
  text: string,
): NetworkAddressParseError<"invalid_host"> {
  return new NetworkAddressParseError(
    "invalid_host",
    `"${text}" is neither an IP address nor the name of a host: write ip:port, [ipv6]:port or name:port`,
    { text },
  );
}

export function invalidPort(
  text: string,
): NetworkAddressParseError<"invalid_port"> {
  return new NetworkAddressParseError(
    "invalid_port",
    `"${text}" has no valid port: 0 to 65535 is`,
    { text },
  );
}
