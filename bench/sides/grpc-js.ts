/** `@grpc/grpc-js`, set up as its documentation does: the contract loaded by `@grpc/proto-loader`, no encryption. */
import { promisify } from "node:util";

import {
  type Client,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServerUnaryCall,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

import { playSide } from "./side.ts";

interface Echo {
  payload: Uint8Array;
}

interface EchoClient extends Client {
  echo(
    request: Echo,
    callback: (error: Error | null, response: Echo) => void,
  ): void;
}

/** The contract of this repository, read at run time from where the program was started: its root. */
function echoService(): ServiceClientConstructor {
  const definition = loadPackageDefinition(
    loadSync("proto/bench/v1/bench.proto", { longs: Number }),
  );
  const { v1 } = definition["bench"] as unknown as {
    v1: { EchoService: ServiceClientConstructor };
  };
  return v1.EchoService;
}

await playSide({
  async serve() {
    const server = new Server({ "grpc.max_receive_message_length": -1 });
    server.addService(echoService().service, {
      echo: (call: ServerUnaryCall<Echo, Echo>, done: sendUnaryData<Echo>) =>
        done(null, { payload: call.request.payload }),
    });
    return promisify(server.bindAsync.bind(server))(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
    );
  },
  async connect(port) {
    const address = `127.0.0.1:${port}`;
    const client = new (echoService())(
      address,
      credentials.createInsecure(),
    ) as unknown as EchoClient;
    return (payload) =>
      new Promise((resolve, reject) => {
        client.echo({ payload }, (error, response) =>
          error === null ? resolve(response.payload) : reject(error),
        );
      });
  },
});
