/** A server with so many endpoints, and a client that calls them in turn. */
import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import {
  type MessageReceiver,
  NetTransport,
  type ReplyPromise,
} from "../../src/transport/index.ts";
import type { EchoSide } from "./side.ts";

/** Each endpoint has a receiver of its own, and each is called as often as any other. */
export function endpointsSide(count: number): EchoSide {
  return {
    async serve() {
      const address = "127.0.0.1:0";
      const transport = await NetTransport.listen(nodeProviders(), address);
      for (let index = 0; index < count; index += 1)
        transport.register(tokenOf(index), new Echo());
      return transport.endpoint(tokenOf(0)).address.port;
    },
    connect(port) {
      const transport = NetTransport.client(nodeProviders());
      const address = NetworkAddress.parse(`127.0.0.1:${port}`);
      const endpoints = Array.from(
        { length: count },
        (_, index) => new Endpoint(address, tokenOf(index)),
      );
      let next = 0;
      return Promise.resolve((payload) => {
        next = (next + 1) % count;
        return transport.tryGetReply(endpoints[next] as Endpoint, payload);
      });
    },
  };
}

class Echo implements MessageReceiver {
  receive(message: ReplyPromise): void {
    message.send(message.request);
  }
}

/** Four words without order, as random tokens are; the same in both processes. */
function tokenOf(index: number): UID {
  const word = (salt: number): number =>
    Math.imul(Math.imul(index + salt, 0x9e3779b1) ^ salt, 0x85ebca6b) >>> 1;
  return new UID(word(1), word(2), word(3), word(4));
}
