/** Who gets in where certificates are asked for. */
import { type AddressInfo, connect } from "node:net";
import { createServer } from "node:tls";
import test, { type ExecutionContext } from "ava";

import {
  type Connection,
  Endpoint,
  isNetworkError,
  type Listener,
  NetworkAddress,
  NetworkError,
  type TraceFields,
} from "../../src/core/index.ts";
import {
  NodeNetworkProvider,
  type TlsConfig,
  nodeProviders,
} from "../../src/node/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { bytes, echoToken, failure } from "../transport/tank.ts";
import { tlsOf } from "./certificates.ts";

const anywhere = "tls://127.0.0.1:0";
const shortMs = 1_500;
/** Machines may be busy: only where a handshake must not end is its limit short. */
const networkOf = (
  tls: TlsConfig,
  tlsHandshakeTimeoutMs = 60_000,
): NodeNetworkProvider =>
  new NodeNetworkProvider({ tls, lingerMs: 40, tlsHandshakeTimeoutMs });

async function listening(
  use: (listener: Listener) => Promise<void>,
  network: NodeNetworkProvider = networkOf(tlsOf("node")),
): Promise<void> {
  const listener = await network.bind(anywhere);
  try {
    await use(listener);
  } finally {
    await listener.close();
  }
}

/** What becomes of a connection: bytes that came back, or why not. */
async function greet(connection: Connection): Promise<string> {
  try {
    await connection.write(bytes(1));
    const read = await connection.read();
    return read === undefined ? "ended" : "answered";
  } catch (error) {
    return codeOf(error);
  } finally {
    connection.reset();
  }
}

test("both sides learn who the other one is", async (t) => {
  await listening(async (listener) => {
    const accepting = listener.accept();
    const client = await networkOf(tlsOf("guest")).connect(listener.address);
    const server = await accepting;
    t.is(client.peerName, "node");
    t.is(server.peerName, "guest");
    t.true(client.remote.isTls && server.remote.isTls);
    client.reset();
    server.reset();
  });
});

test("a server with several names is told which of them was dialed", async (t) => {
  const { key, cert } = tlsOf("node") as { key: string; cert: string };
  const dialed: string[] = [];
  const server = createServer({
    ...{ key, cert },
    SNICallback: (name, done) => {
      dialed.push(name);
      done(null);
    },
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve()),
  );
  const { port } = server.address() as AddressInfo;
  const network = networkOf(tlsOf("guest"));
  for (const host of ["127.0.0.1", "localhost"])
    (await network.connect(`tls://${host}:${port}`)).reset();
  t.deepEqual(dialed, ["localhost"]);
  server.close();
});

function codeOf(error: unknown): string {
  return isNetworkError(error) ? error.code : String(error);
}

async function isTurnedAway(
  t: ExecutionContext,
  meet: (address: NetworkAddress) => Promise<string>,
  network?: NodeNetworkProvider,
): Promise<void> {
  await listening(async (listener) => {
    const accepted: Connection[] = [];
    const giveUp = new AbortController();
    const accepting = listener
      .accept({ signal: giveUp.signal })
      .then((connection) => accepted.push(connection))
      .catch(() => undefined);
    const outcome = await meet(listener.address);
    t.true(["reset", "unreachable", "ended"].includes(outcome), outcome);
    // An honest guest gets in, and is the first who does.
    const guest = await networkOf(tlsOf("guest")).connect(listener.address);
    await accepting;
    t.is(accepted.length, 1);
    t.is(accepted[0]?.local.port, listener.address.port);
    t.is(accepted[0]?.peerName, "guest");
    giveUp.abort();
    guest.reset();
    accepted[0]?.reset();
  }, network);
}

test("a stranger whose authority we do not trust gets nowhere", (t) =>
  isTurnedAway(t, async (address) => {
    const trusting = { ...tlsOf("stranger"), ca: tlsOf("guest").ca };
    // Whether it hears of it while it connects or afterwards depends on who is faster.
    const connecting = networkOf(trusting).connect(address);
    return connecting.then(greet, codeOf);
  }));

test("a server whose authority the client does not trust is left at once", (t) =>
  isTurnedAway(t, async (address) => {
    const connecting = networkOf(tlsOf("stranger")).connect(address);
    return codeOf(await t.throwsAsync(connecting));
  }));

test("a guest without TLS gets nowhere", (t) =>
  isTurnedAway(
    t,
    async ({ key }) => greet(await new NodeNetworkProvider().connect(key)),
    networkOf(tlsOf("node"), shortMs),
  ));

test("a guest that begins a handshake and does not end it is shown out", (t) => {
  const meet = async ({ port }: NetworkAddress): Promise<string> => {
    const silent = connect({ port, host: "127.0.0.1" });
    silent.on("error", () => undefined);
    await new Promise((resolve) => silent.once("close", resolve));
    return "ended";
  };
  return isTurnedAway(t, meet, networkOf(tlsOf("node"), shortMs));
});

test("a certificate for another name is refused", async (t) => {
  await listening(async (listener) => {
    const tls = { ...tlsOf("guest"), serverName: "bank.example" };
    await t.throwsAsync(networkOf(tls).connect(listener.address), {
      message: /ERR_TLS_CERT_ALTNAME_INVALID/,
    });
  });
});

test("without mutual TLS anybody gets in, and proves nothing", async (t) => {
  const tls = { ...tlsOf("node"), requireClientCertificate: false };
  await listening(async (listener) => {
    const accepting = listener.accept();
    const stranger = { ...tlsOf("stranger"), ca: tlsOf("guest").ca };
    const client = await networkOf(stranger).connect(listener.address);
    const server = await accepting;
    t.is(server.peerName, undefined);
    t.is(client.peerName, "node");
    client.reset();
    server.reset();
  }, networkOf(tls));
});

test("where no certificate is asked for, one is called without any", async (t) => {
  const tls = { ...tlsOf("node"), requireClientCertificate: false };
  await listening(async (listener) => {
    const accepting = listener.accept();
    const { ca } = tlsOf("guest");
    const client = await networkOf({ ca }).connect(listener.address);
    const server = await accepting;
    t.deepEqual([client.peerName, server.peerName], ["node", undefined]);
    client.reset();
    server.reset();
  }, networkOf(tls));
  await t.throwsAsync(networkOf({ ca: tls.ca }).bind(anywhere), {
    instanceOf: TypeError,
    message: /nodeProviders\(\{ tls: \{ key, cert, ca \} \}\)/,
  });
});

test("whoever listens is told by the trace who did not get in, and why", async (t) => {
  const told: [string, TraceFields][] = [];
  const emit = (name: string, fields: TraceFields): void =>
    void told.push([name, fields]);
  const config = { tls: tlsOf("node"), lingerMs: 40 };
  const network = new NodeNetworkProvider(config, { enabled: true, emit });
  await isTurnedAway(
    t,
    async (address) => {
      const trusting = { ...tlsOf("stranger"), ca: tlsOf("guest").ca };
      return networkOf(trusting).connect(address).then(greet, codeOf);
    },
    network,
  );
  const [[name, fields] = ["", {}]] = told;
  t.is(name, "node.tls_refused");
  t.regex(String(fields["listener"]), /^tls:\/\/127\.0\.0\.1:\d+$/);
  t.regex(String(fields["remote"]), /^127\.0\.0\.1:\d+$/);
  t.regex(String(fields["reason"]), /no certificate that we believe/);
});

const mistakes: readonly [object, RegExp][] = [
  [{ key: "k", ca: "c" }, /^tls has a key and no cert: /],
  [{ cert: "c", ca: "c" }, /^tls has a cert and no key: /],
  [{ key: "k", cert: "c" }, /^tls needs ca/],
  [{ ca: "c", requestCert: true }, /^tls has no option "requestCert": it has /],
];
for (const [tls, message] of mistakes) {
  test(`tls of ${Object.keys(tls).join(" and ")} is refused before anything starts`, (t) => {
    t.throws(() => nodeProviders({ tls: tls as TlsConfig }), {
      instanceOf: TypeError,
      message,
    });
  });
}

test("without certificates nobody listens at an address with the TLS flag, and there is no way to one", async (t) => {
  const plain = new NodeNetworkProvider();
  const message = /nodeProviders\(\{ tls/;
  const mistake = { instanceOf: TypeError, message };
  await t.throwsAsync(plain.bind(anywhere), mistake);
  // Addresses to call come from others, too, who must not be able to make a mistake of ours.
  const noWay = { instanceOf: NetworkError, code: "unreachable", message };
  await t.throwsAsync(plain.connect("tls://127.0.0.1:1"), noWay);
});

test("keys that do not fit are refused before anything starts", (t) => {
  const tls = { ...tlsOf("node"), key: tlsOf("guest").key };
  t.throws(() => nodeProviders({ tls }), {
    instanceOf: TypeError,
    message: /tls cannot be used/,
  });
});

test("a transport listens and calls with TLS, by the flag of the address alone", async (t) => {
  const server = await NetTransport.listen(
    nodeProviders({ tls: tlsOf("node") }),
    anywhere,
  );
  const names: (string | undefined)[] = [];
  server.register(echoToken, {
    receive: (promise) => {
      names.push(promise.peerName);
      promise.send(promise.request);
    },
  });
  const to = server.endpoint(echoToken);
  const client = NetTransport.client(nodeProviders({ tls: tlsOf("guest") }));
  t.deepEqual(await client.tryGetReply(to, bytes(1, 2)), bytes(1, 2));
  t.deepEqual(names, ["guest"]);
  const plain = NetTransport.client(nodeProviders());
  const unsafe = new Endpoint(NetworkAddress.parse(to.address.key), echoToken);
  const [code] = await failure(
    plain.tryGetReply(unsafe, bytes(1), { timeoutMs: 2_000 }),
  );
  t.true(code === "not_sent", code);
  for (const transport of [plain, client, server]) await transport.close();
});
