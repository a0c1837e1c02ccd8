/**
 * What both columns agree on: the contracts of the world outside a process, and the names of things in it.
 *
 * Imports `base/` only. Start with `providers.ts`, which bundles the five contracts.
 */
export * from "./abort.ts";
export * from "./address.ts";
export {
  NetworkAddressParseError,
  type NetworkAddressParseErrorCode,
  type NetworkAddressParseErrorDetails,
  splitHostPort,
} from "./address-text.ts";
export * from "./datagram.ts";
export * from "./endpoint.ts";
export * from "./errors.ts";
export * from "./network.ts";
export * from "./on-abort.ts";
export * from "./providers.ts";
export * from "./random.ts";
export * from "./remote-address.ts";
export * from "./select.ts";
export * from "./storage.ts";
export * from "./tasks.ts";
export * from "./time.ts";
export * from "./trace.ts";
export * from "./uid.ts";
export * from "./wait.ts";
