/**
 * Typed clients and servers from generated specs, over `transport/`.
 *
 * Imports `transport`, `wire`, `core`, `base`, and the generated message of an error's
 * wire form. Start with `client.ts` and `server.ts`; a call is `unary-call.ts` here and
 * `method-server.ts` there.
 */
export * from "./call-options.ts";
export * from "./client.ts";
export * from "./codec.ts";
export * from "./context-values.ts";
export type {
  ClientInterceptor,
  IncomingCall,
  OutgoingCall,
  ServerInterceptor,
} from "./interceptor.ts";
export {
  lowerErrorTable,
  toRpcError,
  type LowerErrorRow,
} from "./lower-errors.ts";
export type { Metadata } from "./metadata.ts";
export type { Caller } from "./method-server.ts";
export * from "./declared-error.ts";
export * from "./endpoint-ref.ts";
export * from "./method-types.ts";
export * from "./rpc-error.ts";
export * from "./server.ts";
export * from "./spec.ts";
