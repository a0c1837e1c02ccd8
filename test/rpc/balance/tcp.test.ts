/** Balanced calls and a fan-out over real TCP. */
import test from "ava";

import { nodeProviders } from "../../../src/node/index.ts";
import {
  createBalancedClient,
  createClient,
  EndpointPool,
  fanOut,
  serve,
} from "../../../src/rpc/index.ts";
import { NetTransport } from "../../../src/transport/index.ts";
import { NotesRpc, plainHandler } from "../notes.ts";

test("a balanced client and a fan-out reach servers on loopback, and outlive one of them", async (t) => {
  const servers = await Promise.all(
    [0, 1, 2].map(() => NetTransport.listen(nodeProviders(), "127.0.0.1:0")),
  );
  const handles = servers.map((server) =>
    serve(server, NotesRpc, plainHandler),
  );
  const addresses = servers.map(({ address }) => address ?? "");
  await using client = NetTransport.client(nodeProviders());
  const pool = new EndpointPool(client, addresses);
  const notes = createBalancedClient(NotesRpc, client, pool);
  // Of a machine that is busy with other things.
  const patiently = { timeoutMs: 60_000 };
  const ask = async (method: "write" | "read"): Promise<void> => {
    const calls = Array.from({ length: 100 }, (_, length) =>
      notes[method]({ account: "a".repeat(length) }, patiently),
    );
    const answers = await Promise.all(calls);
    t.deepEqual(
      answers.map(({ cents }) => Number(cents)),
      answers.map((_, length) => length),
    );
  };
  await ask("write");
  for (const { requests } of pool.metrics().endpoints) t.true(requests > 0);
  await servers[0]?.close();
  await ask("read");
  const { responses } = await fanOut(
    addresses.map((address) => createClient(NotesRpc, client, address).read),
    { account: "abc" },
    { required: "majority", timeoutMs: 60_000 },
  );
  t.deepEqual(
    responses.map(({ cents }) => cents),
    [3n, 3n],
  );
  const { endpoints } = pool.metrics();
  t.is(
    endpoints.reduce((sum, one) => sum + one.outstanding, 0),
    0,
  );
  t.is(client.metrics().deadlineCount, 0);
  t.deepEqual(
    handles.map(({ runningCount }) => runningCount),
    [0, 0, 0],
  );
  for (const server of servers) await server.close();
});
