/** The real SDK, keeping everything in memory, around the tapes of the RPC tests. */
import {
  type Meter,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  DataPointType,
  type HistogramMetricData,
  MeterProvider,
  MetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  type IdGenerator,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

import {
  openTelemetryClient,
  openTelemetryServer,
} from "../../src/opentelemetry/index.ts";
import { createClient, serve, type ServerHandle } from "../../src/rpc/index.ts";
import {
  type TapesClient,
  type TapesHandler,
  TapesRpc,
  tapes,
} from "../rpc/streams.ts";
import type { Place } from "../services/places.ts";

/** Collects when it is asked, and at no other time. */
class Reader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

/** How long calls took, for one set of labels. */
export interface Duration {
  readonly name: string;
  readonly unit: string;
  readonly labels: Record<string, unknown>;
  readonly count: number;
  readonly sum: number;
}

export interface Observatory {
  readonly options: {
    readonly tracer: Tracer;
    readonly meter: Meter;
    readonly propagator: TextMapPropagator;
  };
  /** All spans that have ended, in the order of their ends. */
  spans(): ReadableSpan[];
  durations(): Promise<Duration[]>;
}

export function observatory(idGenerator?: IdGenerator): Observatory {
  const exporter = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(idGenerator && { idGenerator }),
  });
  const reader = new Reader();
  const meters = new MeterProvider({ readers: [reader] });
  return {
    options: {
      tracer: tracers.getTracer("test"),
      meter: meters.getMeter("test"),
      propagator: new W3CTraceContextPropagator(),
    },
    spans: () => exporter.getFinishedSpans(),
    durations: async () => {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics
        .flatMap(({ metrics }) => metrics)
        .filter(
          (metric): metric is HistogramMetricData =>
            metric.dataPointType === DataPointType.HISTOGRAM,
        )
        .flatMap(({ descriptor: { name, unit }, dataPoints }) =>
          dataPoints.map(({ attributes, value: { count, sum = 0 } }) => ({
            ...{ name, unit, count, sum },
            labels: attributes,
          })),
        );
    },
  };
}

export interface Observed extends Place, Observatory {
  readonly handle: ServerHandle;
  readonly tapes: TapesClient;
}

/** A place where the tapes are served and called, both observed. */
export function observing(
  handler: Partial<TapesHandler>,
  main: (observed: Observed) => Promise<void>,
): (place: Place) => Promise<void> {
  return async (place) => {
    const { server, client, address } = place;
    const seen = observatory();
    const handle = serve(
      server,
      TapesRpc,
      { ...tapes, ...handler },
      { interceptors: [openTelemetryServer(seen.options)] },
    );
    await main({
      ...place,
      ...seen,
      handle,
      tapes: createClient(TapesRpc, client, address, {
        interceptors: [openTelemetryClient(seen.options)],
      }),
    });
  };
}

/** What a span says, in one line: `client test.v1.Tapes/Look OK`, and `!` for a failure. */
export function line({ kind, name, attributes, status }: ReadableSpan): string {
  const side = kind === SpanKind.CLIENT ? "client" : "server";
  const mark = status.code === SpanStatusCode.ERROR ? "!" : "";
  const code = String(attributes["rpc.response.status_code"]);
  return `${side} ${name.replace("test.v1.Tapes/", "")} ${code}${mark}`;
}

/** Wait until so many spans have ended: a server's ends after its answer has left. */
export async function spansOf(
  { spans, sleep }: Pick<Observed, "spans" | "sleep">,
  count: number,
): Promise<ReadableSpan[]> {
  while (spans().length < count) await sleep(1);
  return spans();
}

/** The span of one side. The first, when there are several. */
export function spanOn(
  spans: readonly ReadableSpan[],
  kind: SpanKind,
): ReadableSpan {
  const found = spans.find((span) => span.kind === kind);
  if (found === undefined) throw new Error("no such span");
  return found;
}

/** Milliseconds that a span lasted. */
export function lengthOf({ duration: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1_000 + nanos / 1_000_000;
}
