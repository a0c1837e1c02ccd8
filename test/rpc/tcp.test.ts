/** The same calls over real TCP: nothing in these rooms knows the difference. */
import test from "ava";

import { nodeProviders } from "../../src/node/index.ts";
import { createClient, isRpcError, serve } from "../../src/rpc/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { NotesRpc, plainHandler } from "./notes.ts";

/** Of no concern here, and machines may be busy. */
const patient = { timeoutMs: 60_000 };

test("a client and a server meet over loopback TCP", async (t) => {
  await using server = await NetTransport.listen(
    nodeProviders(),
    "127.0.0.1:0",
  );
  await using handle = serve(server, NotesRpc, plainHandler);
  await using client = NetTransport.client(nodeProviders());
  const notes = createClient(NotesRpc, client, handle.endpoint);
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, length) =>
      notes.read({ account: "a".repeat(length) }, patient),
    ),
  );
  t.deepEqual(
    answers.map(({ cents }) => Number(cents)),
    answers.map((_, length) => length),
  );
  const large = "b".repeat(900_000);
  t.is((await notes.write({ account: large }, patient)).cents, 900_000n);
  const { violations, connectionCount, deadlineCount } = client.metrics();
  t.deepEqual(
    { violations, connectionCount, deadlineCount },
    { violations: 0, connectionCount: 1, deadlineCount: 0 },
  );
});

test("a port where nobody listens refuses, and the call was not sent", async (t) => {
  const server = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
  const { address } = server;
  await server.close();
  await using client = NetTransport.client(nodeProviders());
  const error = await t.throwsAsync(
    createClient(NotesRpc, client, address ?? "").write({}),
  );
  t.true(isRpcError(error, "unavailable") && error.delivery === "not_sent");
});

test("a server that goes away leaves its callers in doubt, and one that comes back answers", async (t) => {
  const first = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
  const address = first.address ?? "";
  serve(first, NotesRpc, {
    ...plainHandler,
    write: () => new Promise(() => undefined),
    read: () => new Promise(() => undefined),
  });
  await using client = NetTransport.client(nodeProviders(), {
    peer: { reconnectDelayMs: 5 },
  });
  const notes = createClient(NotesRpc, client, address);
  const once = notes.write({ account: "a" });
  const again = notes.read.getReply({ account: "abc" }, patient);
  while (first.metrics().dispatched < 2) await nodeProviders().time.sleep(1);
  await first.close();
  const error = await t.throwsAsync(once);
  t.true(isRpcError(error, "unavailable") && error.delivery === "maybe");
  await using second = await NetTransport.listen(nodeProviders(), address);
  serve(second, NotesRpc, plainHandler);
  t.is((await again).cents, 3n);
});
