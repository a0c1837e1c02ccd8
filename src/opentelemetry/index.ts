/**
 * `wavetank/opentelemetry`: interceptors that tell OpenTelemetry of every call. Imports `rpc`, `core`, `base`, and
 * `@opentelemetry/api`, which users of this room install themselves; nothing else of the package needs it.
 *
 * Start with `client.ts` and `server.ts`; `call-span.ts` is what both do with a call.
 */
export { openTelemetryClient } from "./client.ts";
export type { OpenTelemetryOptions } from "./options.ts";
export { openTelemetryServer } from "./server.ts";
export { spanOf, telemetryContext } from "./telemetry-context.ts";
export { traceIds, type TraceIds } from "./trace-ids.ts";
