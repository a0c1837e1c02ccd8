/**
 * Typed clients and servers from generated specs, over `transport/`.
 *
 * Imports `transport`, `wire`, `core`, `base`, and the generated message of an error's
 * wire form. Start with `client.ts` and `server.ts`; a call is `unary-call.ts` here and
 * `method-server.ts` there.
 */
export {
  type BackupConfig,
  type BalanceConfig,
  type BalanceOptions,
  defaultBackupConfig,
  defaultBalanceConfig,
  resolveBackupConfig,
  resolveBalanceConfig,
} from "./balance/balance-config.ts";
export {
  type BalancedClientOptions,
  createBalancedClient,
} from "./balance/balanced-client.ts";
export { EndpointPool } from "./balance/endpoint-pool.ts";
export type { EndpointLocality } from "./balance/locality.ts";
export { penaltyMetadata } from "./balance/penalty.ts";
export type {
  Fitness,
  PoolAddress,
  ServerAddress,
} from "./balance/pool-member.ts";
export type { EndpointMetrics, PoolMetrics } from "./balance/pool-metrics.ts";
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
export type { Caller } from "./served-method.ts";
export * from "./declared-error.ts";
export {
  type AskedMethod,
  fanOut,
  type FanOutOptions,
  type FanOutResult,
  fanOutSettled,
  type RequiredAnswers,
} from "./fan-out.ts";
export type { FanOutOutcome } from "./fan-out-outcome.ts";
export * from "./endpoint-ref.ts";
export { sendsStream, takesStream } from "./method-kind.ts";
export * from "./method-types.ts";
export * from "./rpc-error.ts";
export type { ServeOptions } from "./serve-options.ts";
export * from "./server.ts";
export * from "./spec.ts";
