/** What the interceptors are given, and what they do with it. */
import {
  type Context,
  type Histogram,
  type Meter,
  metrics,
  propagation,
  type TextMapPropagator,
  trace,
  type Tracer,
} from "@opentelemetry/api";

export interface OpenTelemetryOptions {
  /** Makes the spans. Default: the global provider's tracer `wavetank`. */
  tracer?: Tracer | undefined;
  /** Makes the histograms of durations. Default: the global provider's meter `wavetank`. */
  meter?: Meter | undefined;
  /** Takes the context from one process to the other, as metadata. Default: the global one. */
  propagator?: Pick<TextMapPropagator, "inject" | "extract"> | undefined;
  /**
   * Stands around everything that is asked of the SDK, which looks at the machine's clock whatever it is told. In a
   * simulation: `allowEscapes` of `wavetank/sim`. Default: nothing.
   */
  around?: (<T>(work: () => T) => T) | undefined;
}

/** What is said of a call, by the names that OpenTelemetry gives it. */
export type Labels = Readonly<Record<string, string | number>>;

/** How the interceptors reach OpenTelemetry. */
export interface Telemetry {
  readonly around: <T>(work: () => T) => T;
  readonly tracer: Tracer;
  readonly propagator: Pick<TextMapPropagator, "inject" | "extract">;
  /** Note how long a call took. */
  record(seconds: number, labels: Labels, context: Context): void;
}

/** Fill in what was not said. */
export function telemetryOf(
  {
    tracer = trace.getTracer("wavetank"),
    meter,
    propagator = propagation,
    around = (work) => work(),
  }: OpenTelemetryOptions,
  durationName: string,
): Telemetry {
  let histogram: Histogram | undefined;
  return {
    around,
    tracer,
    propagator,
    record(seconds, labels, context) {
      // Made with the first call: a global provider may be set after the interceptors were made.
      histogram ??= (meter ?? metrics.getMeter("wavetank")).createHistogram(
        durationName,
        durationOptions,
      );
      histogram.record(seconds, labels, context);
    },
  };
}

const durationOptions = {
  description:
    "How long a call took, from its start to its answer or the end of its stream",
  unit: "s",
  advice: {
    explicitBucketBoundaries: [
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ],
  },
};
