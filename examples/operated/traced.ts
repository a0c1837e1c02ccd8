/** Two services in the tank, the front calling the back, with every call told to OpenTelemetry. */
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { createClient, isRpcError, NetTransport, serve } from "wavetank";
import {
  openTelemetryClient,
  type OpenTelemetryOptions,
  openTelemetryServer,
  traceIds,
} from "wavetank/opentelemetry";
import { allowEscapes, type SimContext, SimulationBuilder } from "wavetank/sim";

import {
  type EchoServiceClient,
  type EchoServiceHandler,
  EchoServiceRpc,
} from "../../gen/bench/v1/bench_rpc.ts";

/** What one simulated process tells OpenTelemetry with: the SDK's ids come from the seed, and its clocks are let be. */
export function simulatedTelemetry(
  ctx: SimContext,
  exporter: SpanExporter,
): OpenTelemetryOptions {
  const tracers = allowEscapes(
    () =>
      new BasicTracerProvider({
        idGenerator: traceIds(ctx.random),
        spanProcessors: [new SimpleSpanProcessor(exporter)],
      }),
  );
  return {
    tracer: tracers.getTracer("echo"),
    propagator: new W3CTraceContextPropagator(),
    around: allowEscapes,
  };
}

/** The back echoes; the front has the back echo for it. */
export function tracedSimulation(
  telemetry: (ctx: SimContext) => OpenTelemetryOptions,
): SimulationBuilder {
  return new SimulationBuilder("traced")
    .processes("back", {}, (ctx) =>
      serveEcho(ctx, telemetry(ctx), () => ({ payload }) => ({ payload })),
    )
    .processes("front", {}, (ctx) => {
      const told = telemetry(ctx);
      return serveEcho(ctx, told, (transport) => {
        const back = echoAt(ctx, "back", { transport, told });
        return (request, context) =>
          back.echo({ payload: request.payload }, { parent: context });
      });
    })
    .workload(() => ({
      name: "callers",
      run: async (ctx) => {
        const transport = NetTransport.client(ctx.providers);
        const front = echoAt(ctx, "front", { transport, told: telemetry(ctx) });
        for (let size = 0; size < 20; size += 1)
          await front.echo({ payload: new Uint8Array(size) }).catch(expected);
        await transport.close();
      },
    }))
    .chaos({ network: "swarm" })
    .phases({ chaosMs: 20_000, recoveryMs: 20_000 });
}

type Echo = EchoServiceHandler["echo"];

async function serveEcho(
  ctx: SimContext,
  told: OpenTelemetryOptions,
  makeEcho: (transport: NetTransport) => Echo,
): Promise<void> {
  const transport = await NetTransport.listen(ctx.providers, ctx.address(port));
  const handler = { echo: makeEcho(transport) };
  const interceptors = [openTelemetryServer(told)];
  serve(transport, EchoServiceRpc, handler, { interceptors });
}

function echoAt(
  ctx: SimContext,
  name: string,
  { transport, told }: { transport: NetTransport; told: OpenTelemetryOptions },
): EchoServiceClient {
  const address = ctx.topology.addresses(name, port)[0] ?? "";
  const interceptors = [openTelemetryClient(told)];
  return createClient(EchoServiceRpc, transport, address, { interceptors });
}

/** The network breaks on purpose, so calls may fail. */
function expected(error: unknown): void {
  if (!isRpcError(error)) throw error;
}

const port = 4500;
