/**
 * `wavetank/services`: services that every process may want to serve beside its own, with their specs for clients.
 *
 * Imports `rpc`, `core`, and the generated code of `proto/grpc`. That code imports `wavetank` itself, so `wavetank` does
 * not export this room. Start with `health.ts` and `reflection.ts`.
 */
export { HealthCheckResponse_ServingStatus as ServingStatus } from "../../gen/grpc/health/v1/health_pb.ts";
export {
  HealthRpc,
  type HealthClient,
  type HealthHandler,
} from "../../gen/grpc/health/v1/health_rpc.ts";
export {
  ServerReflectionRpc,
  type ServerReflectionClient,
  type ServerReflectionHandler,
} from "../../gen/grpc/reflection/v1/reflection_rpc.ts";
export * from "./health.ts";
export * from "./reflection.ts";
