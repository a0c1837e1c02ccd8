/** The first server and the first client, as `docs/serving.md` and `docs/delivery.md` show them. */
import test from "ava";

import type { Trace } from "../../src/core/index.ts";
import { nodeProviders, type TlsConfig } from "../../src/node/index.ts";
import { createClient, isRpcError, serve } from "../../src/rpc/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { tlsOf } from "../node/certificates.ts";
import { type NotesHandler, NotesRpc, plainHandler } from "./notes.ts";

/** Of no concern here, and machines may be busy. */
const timeoutMs = 60_000;

test("a server tells onError what its handlers throw, and a client by name of a host is served", async (t) => {
  const log: string[] = [];
  const handler: NotesHandler = {
    ...plainHandler,
    write: () => {
      throw new Error("the disk is full");
    },
  };
  const transport = await NetTransport.listen(nodeProviders(), "127.0.0.1:0");
  const server = serve(transport, NotesRpc, handler, {
    onError: (error, { method, peer }) => {
      log.push(`${method} for ${peer.key} failed: ${String(error)}`);
    },
  });
  const { port } = server.endpoint.address;

  const client = NetTransport.client(nodeProviders());
  const to = `localhost:${port}`;
  const notes = createClient(NotesRpc, client, to, { timeoutMs });
  const { cents } = await notes.read({ account: "abc" }, { timeoutMs });

  t.is(cents, 3n);
  const error = await t.throwsAsync(notes.write({ account: "abc" }));
  t.true(isRpcError(error, "internal"));
  t.false(error?.message.includes("disk"));
  t.is(log.length, 1);
  t.regex(log[0] ?? "", /test\.v1\.Notes\.Write for .* the disk is full/);
  await client.close();
  await server.stop();
  await transport.close();
});

test("a trace that providers are given is told of calls, handlers and connections", async (t) => {
  const log: string[] = [];
  const trace: Trace = {
    enabled: true,
    emit: (name, fields) => {
      log.push(`${name} ${JSON.stringify(fields)}`);
    },
  };
  const providers = nodeProviders({}, { trace });
  await using transport = await NetTransport.listen(providers, "127.0.0.1:0");
  serve(transport, NotesRpc, plainHandler);
  await using client = NetTransport.client(providers);
  const to = transport.address!;
  const notes = createClient(NotesRpc, client, to, { timeoutMs });
  await notes.write({ account: "abc" });
  for (const name of [
    ...["rpc.call", "rpc.request", "rpc.replied"],
    ...["transport.connected", "transport.accepted"],
  ])
    t.true(
      log.some((line) => line.startsWith(`${name} {`)),
      `${name} in ${log.join("\n")}`,
    );
  t.true(log.some((line) => line.includes('"test.v1.Notes.Write"')));
});

test("with TLS, server and client each show a certificate that the other one believes", async (t) => {
  await using server = await secureServer(tlsOf("node"));
  const { port } = server.address!;
  const to = `tls://127.0.0.1:${port}`;
  t.is((await secureRead(tlsOf("guest"), to)).cents, 3n);
  const error = await t.throwsAsync(secureRead(tlsOf("stranger"), to));
  t.true(isRpcError(error, "unavailable"), String(error));
});

async function secureServer({
  key,
  cert,
  ca,
}: TlsConfig): Promise<NetTransport> {
  const providers = nodeProviders({ tls: { key, cert, ca } });
  const transport = await NetTransport.listen(providers, "tls://127.0.0.1:0");
  serve(transport, NotesRpc, plainHandler);
  return transport;
}

async function secureRead(
  { key, cert, ca }: TlsConfig,
  to: string,
): Promise<{ cents: bigint }> {
  const providers = nodeProviders({ tls: { key, cert, ca } });
  await using transport = NetTransport.client(providers);
  const notes = createClient(NotesRpc, transport, to);
  return await notes.read.tryGetReply({ account: "abc" }, { timeoutMs: 3_000 });
}

test("a server that advertises an address is known by it, wherever it listens", async (t) => {
  await using transport = await NetTransport.listen(
    nodeProviders(),
    "127.0.0.1:0",
    { advertisedAddress: "192.0.2.7:4500" },
  );
  await using server = serve(transport, NotesRpc, plainHandler);
  t.is(server.endpoint.address.key, "192.0.2.7:4500");
});
