/** Wavetank as its users write it: a handler, a generated client, everything at its default. */
import { createClient, serve, type ServiceSpec } from "../../src/rpc/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import {
  EchoServiceRpc,
  PourServiceRpc,
} from "../../gen/bench/v1/bench_rpc.ts";
import { playSide } from "./side.ts";

const clientOf = <Client>(spec: ServiceSpec<Client>, port: number): Client =>
  createClient(spec, NetTransport.client(nodeProviders()), `127.0.0.1:${port}`);

await playSide({
  async serve() {
    const transport = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
    serve(transport, EchoServiceRpc, { echo: ({ payload }) => ({ payload }) });
    serve(transport, PourServiceRpc, {
      async *pour({ size }) {
        const payload = new Uint8Array(size);
        for (;;) yield { payload };
      },
    });
    return transport.endpoint(EchoServiceRpc.uid).address.port;
  },
  connect(port) {
    const client = clientOf(EchoServiceRpc, port);
    return Promise.resolve(
      async (payload) => (await client.echo({ payload })).payload,
    );
  },
  connectToPour(port) {
    const client = clientOf(PourServiceRpc, port);
    return Promise.resolve(async (size, onItem) => {
      for await (const { payload } of client.pour({ size }))
        if (!onItem(payload)) break;
    });
  },
});
