/** The side that is called. */
import { ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";

import type { RpcErrorCode, ServerInterceptor } from "../rpc/index.ts";
import { type CallSide, CallSpan } from "./call-span.ts";
import { countRequests, followAnswer } from "./call-streams.ts";
import { metadataGetter } from "./metadata-carrier.ts";
import { type OpenTelemetryOptions, telemetryOf } from "./options.ts";
import { telemetryContext } from "./telemetry-context.ts";

/**
 * Makes a span of every call of a server, as part of the context that came with it, and measures how long the handler
 * took. The handler finds the span with `spanOf(context)`, and calls that it makes with `parent: context` are children
 * of it.
 */
export function openTelemetryServer(
  options: OpenTelemetryOptions = {},
): ServerInterceptor {
  const telemetry = telemetryOf(options, "rpc.server.call.duration");
  const { around, propagator } = telemetry;
  return async (call, next) => {
    const { method, service, providers, context } = call;
    const { metadata, peer, values } = context;
    const span = new CallSpan({
      ...{ telemetry, method, service, side },
      time: providers.time,
      parent: around(() =>
        propagator.extract(ROOT_CONTEXT, metadata, metadataGetter),
      ),
      remote: { "client.address": peer.ip, "client.port": peer.port },
      measured: {},
    });
    values.set(telemetryContext, span.context);
    try {
      const request = countRequests(span, call);
      const answer = await span.within(() => next({ ...call, request }));
      return followAnswer(span, { method, answer });
    } catch (error) {
      span.failed(error);
      throw error;
    }
  };
}

/** What the server is to blame for. That a caller asked for what is not there is an answer like any other. */
const failures: ReadonlySet<RpcErrorCode> = new Set<RpcErrorCode>([
  "unknown",
  "deadline_exceeded",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
]);

const side: CallSide = {
  kind: SpanKind.SERVER,
  strangeCode: "internal",
  isFailure: (code) => failures.has(code),
};
