/** Errors of the network contract in the words of Node's sockets. */
import { constants } from "node:os";

import {
  isNetworkError,
  type NetworkErrorCode,
  splitHostPort,
} from "../core/index.ts";

/** What was being done when the connection failed. */
export type SocketCall = "connect" | "read" | "write";

/**
 * Libraries look at the `code` of a socket's error to see whether to try again,
 * and know Node's codes only. What the provider said is the `cause`; what is
 * no error of the network stays as it is.
 */
export function socketError(error: unknown, call: SocketCall): Error {
  if (!isNetworkError(error)) return error as Error;
  const code = osCodes[error.code];
  const errno = -constants.errno[code];
  const { address } = error.details;
  const where = call === "connect" ? ` ${address}` : "";
  const told = new Error(`${call} ${code}${where}`, { cause: error });
  Object.assign(told, { code, errno, syscall: call });
  if (call === "connect") Object.assign(told, destination(address));
  return told;
}

function destination(text: string): { address: string; port: number } {
  const [address, port] = splitHostPort(text);
  return { address, port: Number(port) };
}

const osCodes = Object.freeze({
  refused: "ECONNREFUSED",
  address_in_use: "EADDRINUSE",
  address_not_available: "EADDRNOTAVAIL",
  unreachable: "EHOSTUNREACH",
  reset: "ECONNRESET",
  closed: "EPIPE",
  timed_out: "ETIMEDOUT",
  too_large: "EMSGSIZE",
} as const satisfies Record<NetworkErrorCode, string>);
