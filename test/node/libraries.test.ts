/** Other protocols of Node, unmodified, over the streams that connections become. */
import { once } from "node:events";
import {
  connect,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { createInterface } from "node:readline";
import test from "ava";

import type { Listener, Providers } from "../../src/core/index.ts";
import { asDuplex, connectDuplex } from "../../src/node/index.ts";
import { nodeHarness } from "../contract/node-harness.ts";
import { bytesOf, listen, pattern } from "../contract/streams.ts";
import { harnesses, withDuplex } from "./duplex-pair.ts";
import { readAll } from "./http/site.ts";

for (const [who, harness] of harnesses) {
  test.serial(`readline finds the lines of a duplex (${who})`, (t) =>
    withDuplex(harness, {}, async ({ duplex, peer }) => {
      const found: string[] = [];
      const lines = createInterface(duplex).on("line", (line) =>
        found.push(line),
      );
      for (const part of ["on", "e\ntwo\nth", "ree\n"])
        await peer.write(bytesOf(part));
      peer.end();
      await once(lines, "close");
      t.deepEqual(found, ["one", "two", "three"]);
    }),
  );
}

/** Sends back what it gets. */
function echo(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): void {
  readAll(request).then((body) => response.end(body), ignore);
}

/** A server of HTTP/2 for whoever connects. */
function serve(providers: Providers, listener: Listener): void {
  const { tasks, time } = providers;
  const server = createServer(echo).on("sessionError", ignore);
  const acceptAll = async (): Promise<never> => {
    for (;;) {
      const options = { time, allowHalfOpen: true };
      const duplex = asDuplex(await listener.accept(), options);
      server.emit("connection", duplex.on("error", ignore));
    }
  };
  // Until the listener is closed.
  tasks.spawn("http2", () => acceptAll().catch(ignore));
}

/** Several requests at once over one connection; how many came back whole. */
async function exchange(
  { network, time }: Providers,
  address: string,
): Promise<number> {
  const session = connect(`http://${address}`, {
    createConnection: () => connectDuplex(network, address, { time }),
  });
  const broken = new Promise<never>((_, reject) => {
    session.once("error", reject);
    session.once("close", () => reject(new Error("the session was closed")));
    time.schedule(8_000, () => reject(new Error("no answer")));
  });
  broken.catch(ignore);
  const ask = async (length: number): Promise<boolean> => {
    const stream = session.request({ ":method": "POST", ":path": "/" });
    stream.on("error", ignore).end(pattern(length));
    const body = await Promise.race([readAll(stream), broken]);
    return body.equals(pattern(length));
  };
  try {
    const whole = await Promise.all([1, 3_000, 9_000].map(ask));
    return whole.filter(Boolean).length;
  } finally {
    session.destroy();
  }
}

// In a simulated world it stands still: it waits for turns of the event loop, and time there does not.
test.serial("HTTP/2 runs on duplexes over TCP", (t) =>
  nodeHarness.run(async (world) => {
    const listener = await listen(world);
    serve(world.a, listener);
    t.is(await exchange(world.b, listener.address.key), 3);
    await listener.close();
  }),
);

function ignore(): void {
  // Broken, as was to be expected; who waits for the answer is told.
}
