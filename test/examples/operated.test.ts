/** The server of the examples that has its health and its contracts beside its service. */
import test from "ava";

import { servicesAt, whenServing } from "../../examples/operated/client.ts";
import { startOperated } from "../../examples/operated/server.ts";
import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";
import { createClient, isRpcError } from "../../src/rpc/index.ts";
import { HealthRpc, ServingStatus } from "../../src/services/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";

const address = "10.0.1.1:4500";

test.serial(
  "the operated server tells when it is ready, what it serves, and that it is about to stop",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    await world.run(async () => {
      const server = await startOperated(world.providers("10.0.1.1"), address);
      const transport = NetTransport.client(world.providers("10.0.1.2"));
      await whenServing(transport, address, EchoServiceRpc.name);
      t.deepEqual(await servicesAt(transport, address), [
        "bench.v1.EchoService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
      ]);

      const stopped = server[Symbol.asyncDispose]();
      const health = createClient(HealthRpc, transport, address);
      const { status } = await health.check({ service: EchoServiceRpc.name });
      t.is(status, ServingStatus.NOT_SERVING);
      const echo = createClient(EchoServiceRpc, transport, address);
      await t.notThrowsAsync(echo.echo({}), "it still answers while it drains");
      await stopped;
      const error = await t.throwsAsync(
        whenServing(transport, address, EchoServiceRpc.name),
      );
      t.true(isRpcError(error, "unavailable"));
      await transport.close();
    });
  },
);
