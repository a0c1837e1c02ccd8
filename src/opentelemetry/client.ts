/** The side that calls. */
import { context, SpanKind } from "@opentelemetry/api";

import {
  type CallOptions,
  type ClientInterceptor,
  type OutgoingCall,
} from "../rpc/index.ts";
import { type CallSide, CallSpan } from "./call-span.ts";
import { countRequests, followAnswer } from "./call-streams.ts";
import { metadataSetter } from "./metadata-carrier.ts";
import {
  type OpenTelemetryOptions,
  type Telemetry,
  telemetryOf,
} from "./options.ts";
import { telemetryContext } from "./telemetry-context.ts";

/**
 * Makes a span of every call of a client, has its context travel with the call, and measures how long the call took. A
 * call is part of the context among its `values`, which are those of the call that it is made for (`parent`) unless it
 * says otherwise; else of the active one.
 */
export function openTelemetryClient(
  options: OpenTelemetryOptions = {},
): ClientInterceptor {
  const telemetry = telemetryOf(options, "rpc.client.call.duration");
  return async (call, next) => {
    const { method, service, providers } = call;
    const remote = {
      "server.address": call.to.host,
      "server.port": call.to.port,
    };
    const span = new CallSpan({
      ...{ telemetry, method, service, remote, side },
      time: providers.time,
      parent: call.options.values?.get(telemetryContext) ?? context.active(),
      measured: remote,
    });
    try {
      const request = countRequests(span, call);
      const callOptions = injected(telemetry, call, span);
      const answer = await span.within(() =>
        next({ ...call, request, options: callOptions }),
      );
      return followAnswer(span, { method, answer });
    } catch (error) {
      span.failed(error);
      throw error;
    }
  };
}

/** What the caller said, with the context of the call in its metadata. */
function injected(
  { propagator, around }: Telemetry,
  { options }: OutgoingCall,
  span: CallSpan,
): CallOptions {
  const metadata = { ...options.metadata };
  around(() => propagator.inject(span.context, metadata, metadataSetter));
  return { ...options, metadata };
}

/** Whoever calls wanted an answer: every error is a failure. */
const side: CallSide = {
  kind: SpanKind.CLIENT,
  strangeCode: "unknown",
  isFailure: () => true,
};
