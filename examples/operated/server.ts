/** A server with what its operators ask for beside the service: its health, and its contracts. */
import { NetTransport, serve, type Providers } from "wavetank";
import {
  createHealth,
  createReflection,
  HealthRpc,
  ServerReflectionRpc,
} from "wavetank/services";

import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";

/** How long callers are given to go elsewhere before the server stops. */
const drainMs = 200;
/** How long calls that have begun are given to end. */
const graceMs = 5_000;

export async function startOperated(
  providers: Providers,
  listen: string,
): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(providers, listen);
  const health = createHealth();
  serve(transport, HealthRpc, health);
  const services = [EchoServiceRpc, HealthRpc, ServerReflectionRpc];
  serve(transport, ServerReflectionRpc, createReflection(services));

  const echo = health.follow(
    EchoServiceRpc,
    serve(transport, EchoServiceRpc, { echo: ({ payload }) => ({ payload }) }),
  );

  return {
    async [Symbol.asyncDispose]() {
      health.drain();
      await providers.time.sleep(drainMs);
      await echo.stop({ graceMs });
      await transport.close();
    },
  };
}
