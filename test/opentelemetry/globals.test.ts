/** What is used when nothing is said: what the program has registered with OpenTelemetry. A file of its own, as it stays so. */
import {
  context,
  metrics,
  propagation,
  type Span,
  SpanKind,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import test from "ava";

import {
  openTelemetryClient,
  openTelemetryServer,
} from "../../src/opentelemetry/index.ts";
import { createClient, serve } from "../../src/rpc/index.ts";
import { drain, tapes, TapesRpc } from "../rpc/streams.ts";
import { overTcp } from "../services/places.ts";
import { observatory, spansOf } from "./observatory.ts";

test.serial(
  "without options the interceptors use what is registered, and handlers run in the active span",
  async (t) => {
    // Before anything is registered, as a program's modules may do.
    const interceptors = {
      client: [openTelemetryClient()],
      server: [openTelemetryServer()],
    };
    const seen = observatory();
    const { tracer, meter, propagator } = seen.options;
    trace.setGlobalTracerProvider({ getTracer: () => tracer });
    metrics.setGlobalMeterProvider({ getMeter: () => meter });
    propagation.setGlobalPropagator(propagator);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    propagation.disable();
    propagation.setGlobalPropagator(propagator as never);

    const active: (Span | undefined)[] = [];
    const look = async (): Promise<object> => {
      await Promise.resolve();
      active.push(trace.getActiveSpan());
      return {};
    };
    async function* play() {
      yield {};
      active.push(trace.getActiveSpan());
    }
    await overTcp(async ({ server, client, address, sleep }) => {
      const handler = { ...tapes, look, play };
      serve(server, TapesRpc, handler, { interceptors: interceptors.server });
      const caller = createClient(TapesRpc, client, address, {
        interceptors: interceptors.client,
      });
      await tracer.startActiveSpan("outer", async (outer) => {
        await caller.look({});
        await drain(caller.play({}));
        outer.end();
      });
      const spans = await spansOf({ ...seen, sleep }, 5);
      const outer = spans.find(({ name }) => name === "outer");
      t.deepEqual(
        active.map((span) => span?.spanContext().spanId),
        spans
          .filter(({ kind }) => kind === SpanKind.SERVER)
          .map((span) => span.spanContext().spanId),
      );
      for (const span of spans.filter(({ kind }) => kind === SpanKind.CLIENT))
        t.is(span.parentSpanContext?.spanId, outer?.spanContext().spanId);
      t.is(new Set(spans.map((span) => span.spanContext().traceId)).size, 1);
      t.is((await seen.durations()).length, 4);
    });
  },
);
