/** How a simulated connection says no. */
import { NetworkError } from "../../core/index.ts";

export function resetError(
  address: string,
  what: string,
): NetworkError<"reset"> {
  const message = `the connection to ${address} ${what}`;
  return new NetworkError("reset", message, { address });
}

export function closedError(address: string): NetworkError<"closed"> {
  const message = `the connection to ${address} was closed on this side`;
  return new NetworkError("closed", message, { address });
}

export function secondRead(): TypeError {
  return new TypeError("a read of this connection is pending already");
}
