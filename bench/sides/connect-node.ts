/** `@connectrpc/connect-node`, set up as its documentation does: generated code, the Connect protocol over HTTP/2, no encryption. */
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";

import { createClient } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
} from "@connectrpc/connect-node";

import { EchoService } from "../../gen/bench/v1/bench_pb.ts";
import { playSide } from "./side.ts";

await playSide({
  serve() {
    const handler = connectNodeAdapter({
      routes(router) {
        router.service(EchoService, { echo: ({ payload }) => ({ payload }) });
      },
    });
    const server = createServer(handler);
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () =>
        resolve((server.address() as AddressInfo).port),
      );
    });
  },
  connect(port) {
    const transport = createConnectTransport({
      baseUrl: `http://127.0.0.1:${port}`,
      httpVersion: "2",
    });
    const client = createClient(EchoService, transport);
    return Promise.resolve(
      async (payload) => (await client.echo({ payload })).payload,
    );
  },
});
