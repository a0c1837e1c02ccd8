/** Wavetank at its default, called by eight peers that share one process. */
import { createClient, serve } from "../../src/rpc/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";
import { playSide } from "./side.ts";

const peers = 8;

await playSide({
  async serve() {
    const transport = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
    serve(transport, EchoServiceRpc, { echo: ({ payload }) => ({ payload }) });
    return transport.endpoint(EchoServiceRpc.uid).address.port;
  },
  connect(port) {
    const clients = Array.from({ length: peers }, () =>
      createClient(
        EchoServiceRpc,
        NetTransport.client(nodeProviders()),
        `127.0.0.1:${port}`,
      ),
    );
    let next = 0;
    return Promise.resolve(async (payload) => {
      next = (next + 1) % peers;
      const { echo } = clients[next] as (typeof clients)[number];
      return (await echo({ payload })).payload;
    });
  },
});
