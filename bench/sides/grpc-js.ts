/** `@grpc/grpc-js`, set up as its documentation does: the contract loaded by `@grpc/proto-loader`, no encryption. */
import { promisify } from "node:util";

import {
  type Client,
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

import { playSide } from "./side.ts";

interface Echo {
  payload: Uint8Array;
}

interface Services {
  EchoService: ServiceClientConstructor;
  PourService: ServiceClientConstructor;
}

interface EchoClient extends Client {
  echo(
    request: Echo,
    callback: (error: Error | null, response: Echo) => void,
  ): void;
}

interface PourClient extends Client {
  pour(request: { size: number }): ClientReadableStream<Echo>;
}

/** The contract of this repository, read at run time from where the program was started: its root. */
function services(): Services {
  const definition = loadPackageDefinition(
    loadSync("proto/bench/v1/bench.proto", { longs: Number }),
  );
  return (definition["bench"] as unknown as { v1: Services }).v1;
}

await playSide({
  async serve() {
    const server = new Server({ "grpc.max_receive_message_length": -1 });
    const { EchoService, PourService } = services();
    server.addService(EchoService.service, {
      echo: (call: ServerUnaryCall<Echo, Echo>, done: sendUnaryData<Echo>) =>
        done(null, { payload: call.request.payload }),
    });
    server.addService(PourService.service, {
      pour(call: ServerWritableStream<{ size: number }, Echo>) {
        const payload = new Uint8Array(call.request.size);
        const fill = (): void => {
          while (!call.cancelled && call.write({ payload }));
          if (!call.cancelled) call.once("drain", fill);
        };
        fill();
      },
    });
    return promisify(server.bindAsync.bind(server))(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
    );
  },
  connect(port) {
    const client = new (services().EchoService)(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
    ) as unknown as EchoClient;
    return Promise.resolve(
      (payload) =>
        new Promise((resolve, reject) => {
          client.echo({ payload }, (error, response) =>
            error === null ? resolve(response.payload) : reject(error),
          );
        }),
    );
  },
  connectToPour(port) {
    const client = new (services().PourService)(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
    ) as unknown as PourClient;
    return Promise.resolve(
      (size, onItem) =>
        new Promise((resolve) => {
          const stream = client.pour({ size });
          // Events are the fastest way that it offers. Cancelling is an error to it.
          stream.on("error", () => resolve());
          stream.on("data", ({ payload }: Echo) => {
            if (!onItem(payload)) stream.cancel();
          });
        }),
    );
  },
});
