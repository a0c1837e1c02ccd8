/** Node's socket errors in the words of the network contract. */
import { NetworkError, type NetworkErrorCode } from "../core/index.ts";

/** Why nobody can listen at `address`. */
export function bindError(address: string, cause: unknown): NetworkError {
  const code =
    osCode(cause) === "EADDRINUSE" ? "address_in_use" : "address_not_available";
  return new NetworkError(
    code,
    because(`cannot listen at ${address}`, cause),
    { address },
    { cause },
  );
}

/** Why no connection to `address` came about. */
export function connectError(address: string, cause: unknown): NetworkError {
  const code = connectCodes.get(osCode(cause)) ?? "unreachable";
  return new NetworkError(
    code,
    because(`cannot connect to ${address}`, cause),
    { address },
    { cause },
  );
}

/** Why a connection with `address` that stood is lost. */
export function brokenError(address: string, cause: unknown): NetworkError {
  const code = osCode(cause) === "ETIMEDOUT" ? "timed_out" : "reset";
  return new NetworkError(
    code,
    because(`the connection with ${address} broke`, cause),
    { address },
    { cause },
  );
}

/**
 * Why a datagram to `address` did not leave. What the network says of earlier ones, that nobody was there, is no reason:
 * this one may have arrived.
 */
export function datagramError(
  address: string,
  cause: unknown,
): NetworkError | undefined {
  if (osCode(cause) === "ECONNREFUSED") return undefined;
  const code = osCode(cause) === "EMSGSIZE" ? "too_large" : "unreachable";
  return new NetworkError(
    code,
    because(`cannot send to ${address}`, cause),
    { address },
    { cause },
  );
}

/** Use after `reset()` on this side. */
export function resetError(address: string): NetworkError {
  const text = `the connection with ${address} was reset on this side`;
  return new NetworkError("reset", text, { address });
}

/** Use after `close()` or `end()` on this side. */
export function closedError(address: string, what: string): NetworkError {
  const text = `the ${what} ${address} was closed on this side`;
  return new NetworkError("closed", text, { address });
}

function because(text: string, cause: unknown): string {
  const reason = osCode(cause);
  return reason === "" ? text : `${text}: ${reason}`;
}

/** `ECONNRESET` and the like; empty when the error did not come from below. */
function osCode(cause: unknown): string {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "";
}

/** What is missing here, unknown names and missing routes first, is unreachable. */
const connectCodes: ReadonlyMap<string, NetworkErrorCode> = new Map([
  ["ECONNREFUSED", "refused"],
  ["ECONNRESET", "reset"],
  ["ECONNABORTED", "reset"],
  ["EPIPE", "reset"],
  ["ETIMEDOUT", "timed_out"],
]);
