/** Wavetank as its users write it: a handler, a generated client, everything at its default. */
import { createClient, serve } from "../../src/rpc/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";
import { playSide } from "./side.ts";

await playSide({
  async serve() {
    const transport = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
    serve(transport, EchoServiceRpc, { echo: ({ payload }) => ({ payload }) });
    return transport.endpoint(EchoServiceRpc.uid).address.port;
  },
  connect(port) {
    const client = createClient(
      EchoServiceRpc,
      NetTransport.client(nodeProviders()),
      `127.0.0.1:${port}`,
    );
    return Promise.resolve(
      async (payload) => (await client.echo({ payload })).payload,
    );
  },
});
