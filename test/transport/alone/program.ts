/** A program as somebody writes it who wants the transport and nothing else: two processes in one, over real TCP. */
import { Endpoint, UID } from "wavetank/core";
import { nodeProviders } from "wavetank/node";
import { NetTransportBuilder } from "wavetank/transport";

const token = UID.parse("00000001000000020000000300000004");
const server = await new NetTransportBuilder(nodeProviders())
  .localAddress("127.0.0.1:0")
  .buildListening();
server.register(token, {
  receive: (message) => message.send(message.request.toReversed()),
});
const client = new NetTransportBuilder(nodeProviders()).build();
const { address } = server.endpoint(token);
const reply = await client.tryGetReply(
  new Endpoint(address, token),
  new TextEncoder().encode("tank"),
);
console.log(new TextDecoder().decode(reply));
await client.close();
await server.close();
