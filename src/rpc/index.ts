/**
 * Typed clients and servers from generated specs, over `transport/`.
 *
 * Imports `transport`, `wire`, `core`, `base`, `assertions`. Start with `client.ts` and `server.ts`.
 */
export * from "./call-options.ts";
export * from "./spec.ts";
