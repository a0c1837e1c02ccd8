/** Where a handler finds the span of its call. */
import { type Context, type Span, trace } from "@opentelemetry/api";

import {
  type ContextKey,
  contextKey,
  type HandlerContext,
} from "../rpc/index.ts";

/**
 * The OpenTelemetry context of a call, among its values. A handler hands it on by calling others with
 * `parent: context`; whoever has no such context sets it in the `values` of a call.
 */
export const telemetryContext: ContextKey<Context | undefined> = contextKey<
  Context | undefined
>("OpenTelemetry context", undefined);

/** The span of the call that a handler runs for, to add attributes and events; `undefined` without the interceptor. */
export function spanOf({
  values,
}: Pick<HandlerContext, "values">): Span | undefined {
  const context = values.get(telemetryContext);
  return context === undefined ? undefined : trace.getSpan(context);
}
