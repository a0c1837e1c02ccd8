/** The transport as its users have it, with raw bytes: no codec, no contract, everything at its default. */
import { nodeProviders } from "../../src/node/index.ts";
import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { playSide } from "./side.ts";

const token = new UID(1, 2, 3, 4);

await playSide({
  async serve() {
    const transport = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
    transport.register(token, {
      receive: (message) => message.send(message.request),
    });
    return transport.endpoint(token).address.port;
  },
  connect(port) {
    const transport = NetTransport.client(nodeProviders());
    const address = NetworkAddress.parse(`127.0.0.1:${port}`);
    const endpoint = new Endpoint(address, token);
    return Promise.resolve((payload) =>
      transport.tryGetReply(endpoint, payload),
    );
  },
});
