/** OpenTelemetry's own SDK inside a simulation: it is told in simulated time, and changes nothing from run to run. */
import { ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  RandomIdGenerator,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import test from "ava";

import {
  simulatedTelemetry,
  tracedSimulation,
} from "../../examples/operated/traced.ts";
import {
  type OpenTelemetryOptions,
  telemetryContext,
  traceIds,
} from "../../src/opentelemetry/index.ts";
import type { SimContext, SimulationReport } from "../../src/sim.ts";
import { ContextValues } from "../../src/rpc/index.ts";
import { failures } from "../runner/support.ts";
import { inSimulation, type Place } from "../services/places.ts";
import {
  lengthOf,
  line,
  observatory,
  observing,
  spanOn,
  spansOf,
} from "./observatory.ts";

test.serial(
  "a span begins and ends in simulated time, and its call's duration is that of the span",
  async (t) => {
    const pause: Pick<Place, "sleep"> = { sleep: () => Promise.resolve() };
    const look = (): Promise<object> => pause.sleep(250).then(() => ({}));
    await inSimulation(
      observing({ look }, async (observed) => {
        pause.sleep = observed.sleep;
        await observed.tapes.look({});
        const spans = await spansOf(observed, 2);
        const client = spanOn(spans, SpanKind.CLIENT);
        const server = spanOn(spans, SpanKind.SERVER);
        t.is(lengthOf(server), 250);
        t.true(lengthOf(client) > 250 && lengthOf(client) < 300);
        for (const { name, sum } of await observed.durations()) {
          const span = name === "rpc.client.call.duration" ? client : server;
          t.true(Math.abs(sum * 1_000 - lengthOf(span)) < 0.001);
        }
        t.true(momentOf(server) > momentOf(client));
      }),
    );
  },
);

function momentOf({ startTime: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1_000 + nanos / 1_000_000;
}

/** Run some seeds, with everything that could show that the SDK is heard inside. */
async function run(
  telemetry: (
    ctx: SimContext,
    exporter: InMemorySpanExporter,
  ) => OpenTelemetryOptions,
): Promise<{ report: SimulationReport; spans: ReadableSpan[] }> {
  const exporter = new InMemorySpanExporter();
  const report = await tracedSimulation((ctx) => telemetry(ctx, exporter)).run({
    ...{ seeds: 4, base: 1, rerunShare: 1, escapes: "error" },
  });
  return { report, spans: exporter.getFinishedSpans() };
}

function tellAll(spans: readonly ReadableSpan[]): string[] {
  return spans.map((span) =>
    JSON.stringify([
      line(span),
      span.spanContext(),
      span.parentSpanContext?.spanId,
      span.startTime,
      span.endTime,
      span.attributes,
    ]),
  );
}

test.serial(
  "a traced simulation takes the same course every time, and so do its traces",
  async (t) => {
    const first = await run(simulatedTelemetry);
    t.deepEqual(failures(first.report), []);
    t.true(first.spans.length > 4 * 2 * 20);
    t.true(first.spans.some((span) => line(span).endsWith("UNAVAILABLE!")));
    const second = await run(simulatedTelemetry);
    t.deepEqual(second.report.fingerprints, first.report.fingerprints);
    t.deepEqual(tellAll(second.spans), tellAll(first.spans));
  },
);

test.serial("an SDK that nothing stands around is an escape", async (t) => {
  const { report } = await run((ctx, exporter) => ({
    ...simulatedTelemetry(ctx, exporter),
    around: undefined,
  }));
  t.regex(failures(report)[0] ?? "", /^escape: Date\.now at .*opentelemetry/);
});

test.serial(
  "ids from the machine's own chance are found out as nondeterminism",
  async (t) => {
    const { report } = await run((ctx, exporter) => {
      const random = new RandomIdGenerator();
      const { tracer, meter, ...rest } = observatory(random).options;
      return { ...simulatedTelemetry(ctx, exporter), ...rest, tracer, meter };
    });
    t.true(
      failures(report).some((failure) => failure.startsWith("nondeterminism")),
    );
  },
);

test("traceIds draws ids of the right length, none of them zero", (t) => {
  const drawn = (byte: number): ReturnType<typeof traceIds> =>
    traceIds({
      bytes: (length: number) => new Uint8Array(length).fill(byte),
    } as unknown as Parameters<typeof traceIds>[0]);
  t.is(drawn(171).generateTraceId(), "ab".repeat(16));
  t.is(drawn(171).generateSpanId(), "ab".repeat(8));
  t.is(drawn(0).generateTraceId(), `01${"00".repeat(15)}`);
  t.is(drawn(0).generateSpanId(), `01${"00".repeat(7)}`);
});

test.serial("a call is part of the context among its values", (t) =>
  inSimulation(
    observing({}, async (observed) => {
      const outer = {
        traceId: "ab".repeat(16),
        spanId: "cd".repeat(8),
        traceFlags: TraceFlags.SAMPLED,
      };
      const values = new ContextValues().set(
        telemetryContext,
        trace.setSpanContext(ROOT_CONTEXT, outer),
      );
      await observed.tapes.look({}, { values });
      const spans = await spansOf(observed, 2);
      const client = spanOn(spans, SpanKind.CLIENT);
      t.is(client.parentSpanContext?.spanId, outer.spanId);
      t.is(client.spanContext().traceId, outer.traceId);
    }),
  ),
);
