/** A connection as a stream, over the simulated network and over TCP. */
import { pipeline } from "node:stream/promises";
import test, { type ExecutionContext } from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import { connectDuplex, type DuplexOptions } from "../../src/node/index.ts";
import type { ContractWorld } from "../contract/contract.ts";
import {
  bytesOf,
  hash,
  listen,
  pattern,
  readAll,
  readAtLeast,
  textOf,
} from "../contract/streams.ts";
import {
  closed,
  codeOf,
  collect,
  type DuplexPair,
  harnesses,
  record,
  withDuplex,
} from "./duplex-pair.ts";

type Body<T> = (t: ExecutionContext, subject: T) => Promise<void>;

for (const [who, harness] of harnesses) {
  const check = (
    title: string,
    options: DuplexOptions,
    body: Body<DuplexPair>,
  ): void => {
    test.serial(`a duplex (${who}) ${title}`, (t) =>
      withDuplex(harness, options, (pair) => body(t, pair)),
    );
  };
  const checkWorld = (title: string, body: Body<ContractWorld>): void => {
    test.serial(`a duplex (${who}) ${title}`, (t) =>
      harness.run((world) => body(t, world)),
    );
  };

  check("carries bytes and texts both ways", {}, async (t, pair) => {
    const { duplex, peer } = pair;
    duplex.write("grüße ");
    duplex.write("e9", "hex");
    duplex.write(bytesOf("bytes"));
    const sent = await readAtLeast(peer, 14);
    t.is(Buffer.from(sent).toString("hex"), "6772c3bcc39f6520e96279746573");
    t.is(duplex.bytesWritten, 14);
    await peer.write(bytesOf("answer"));
    t.is(String((await readSome(pair)).toString()), "answer");
    t.is(duplex.bytesRead, 6);
  });

  check("sends in one piece what was corked", {}, async (t, pair) => {
    pair.duplex.cork();
    for (const word of ["one ", "two ", "three"]) pair.duplex.write(word);
    pair.duplex.uncork();
    pair.duplex.end();
    t.is(textOf(await readAll(pair.peer)), "one two three");
  });

  check("lets a writer use its buffer again", {}, async (t, pair) => {
    const buffer = Buffer.alloc(1_000, "a");
    for (const letter of ["a", "b", "c"]) {
      buffer.fill(letter);
      await new Promise<unknown>((done) => pair.duplex.write(buffer, done));
    }
    buffer.fill("x");
    pair.duplex.end();
    const all = textOf(await readAll(pair.peer));
    t.is(all, ["a", "b", "c"].map((one) => one.repeat(1_000)).join(""));
  });

  check("makes a writer wait for a reader", {}, async (t, pair) => {
    const { duplex, peer, providers } = pair;
    const total = 40_000_000;
    const chunk = pattern(100_000);
    let sent = 0;
    const pump = (): void => {
      while (sent < total) {
        sent += chunk.length;
        if (!duplex.write(chunk)) return;
      }
      duplex.end();
    };
    duplex.on("drain", pump);
    pump();
    await providers.time.sleep(50);
    const held = sent;
    t.true(held < total / 2, `${held} bytes were taken and nobody reads`);
    t.true(duplex.writableNeedDrain);
    let received = 0;
    for (let bytes = await peer.read(); bytes; bytes = await peer.read()) {
      received += bytes.length;
    }
    t.is(received, total);
  });

  check("takes no more than its reader wants", {}, async (t, pair) => {
    const { duplex, peer, providers } = pair;
    duplex.pause();
    const total = 40_000_000;
    let sent = 0;
    const writing = (async () => {
      for (; sent < total; sent += 100_000) await peer.write(pattern(100_000));
      peer.end();
    })();
    await providers.time.sleep(50);
    t.true(sent < total / 2, `${sent} bytes were taken and nobody reads`);
    let received = 0;
    for await (const bytes of duplex) received += (bytes as Uint8Array).length;
    await writing;
    t.is(received, total);
  });

  check("carries megabytes through a pipeline", {}, async (t, pair) => {
    const bytes = pattern(3_000_000);
    const reading = readAll(pair.peer);
    await pipeline(chunksOf(bytes), pair.duplex, { end: true });
    t.deepEqual(hash(await reading), hash(bytes));
  });

  check(
    "ends its side and reads on, if it may be half open",
    { allowHalfOpen: true },
    async (t, { duplex, peer }) => {
      const seen = record(duplex, "finish", "end", "close");
      duplex.end("request");
      t.is(textOf(await readAll(peer)), "request");
      await peer.write(bytesOf("a late answer"));
      peer.end();
      t.is(textOf(await collect(duplex)), "a late answer");
      await closed(duplex);
      t.deepEqual(seen, ["finish", "end", "close"]);
      t.is(duplex.readyState, "closed");
    },
  );

  check(
    "stays open when the other side has ended, if it may",
    { allowHalfOpen: true },
    async (t, { duplex, peer }) => {
      peer.end();
      t.is(textOf(await collect(duplex)), "");
      t.is(duplex.readyState, "writeOnly");
      duplex.end("a late request");
      t.is(textOf(await readAll(peer)), "a late request");
      await closed(duplex);
    },
  );

  check("ends when the other side does", {}, async (t, { duplex, peer }) => {
    peer.end();
    duplex.write("last words");
    t.is(textOf(await collect(duplex)), "");
    t.is(textOf(await readAll(peer)), "last words");
    await closed(duplex);
    t.true(duplex.writableFinished);
  });

  check("that was destroyed is an end", {}, async (t, { duplex, peer }) => {
    duplex.write("said");
    duplex.destroy();
    t.is(textOf(await readAll(peer)), "said");
    await closed(duplex);
  });

  check("that was destroyed with bytes unsent is a reset", {}, async (t, p) => {
    // The first is with the connection, which has no room; the second waits.
    p.duplex.write(pattern(20_000_000));
    p.duplex.write("lost");
    p.duplex.destroy();
    const error = await t.throwsAsync(readAll(p.peer));
    t.true(isNetworkError(error, "reset"), String(error));
  });

  check("can be reset", {}, async (t, { duplex, peer }) => {
    duplex.write("lost?");
    duplex.resetAndDestroy();
    const error = await t.throwsAsync(readAll(peer));
    t.true(isNetworkError(error, "reset"), String(error));
  });

  check("ends soon, after what was written", {}, async (t, pair) => {
    const bytes = pattern(1_000_000);
    pair.duplex.write(bytes);
    pair.duplex.destroySoon();
    t.false(pair.duplex.writable);
    t.deepEqual(hash(await readAll(pair.peer)), hash(bytes));
    await closed(pair.duplex);
  });

  check("reads ECONNRESET when it is reset", {}, async (t, pair) => {
    const seen = record(pair.duplex, "error", "end", "close");
    const failed = new Promise<Error>((resolve) => {
      pair.duplex.once("error", resolve);
    });
    pair.duplex.resume();
    pair.peer.reset();
    const error = await failed;
    t.like(error, { code: "ECONNRESET", syscall: "read", errno: -104 });
    t.is(error.message, "read ECONNRESET");
    t.true(isNetworkError(error.cause, "reset"));
    await closed(pair.duplex);
    t.deepEqual(seen, ["error ECONNRESET", "close"]);
  });

  check("writes into a reset and is told", {}, async (t, pair) => {
    pair.peer.reset();
    await pair.providers.time.sleep(20);
    const failed = new Promise((resolve) => pair.duplex.once("error", resolve));
    pair.duplex.write("anybody?");
    t.regex(codeOf(await failed), /^(ECONNRESET|EPIPE)$/);
  });

  check("emits an error before it ends writes under way", {}, async (t, p) => {
    const { duplex, peer, providers } = p;
    const seen = record(duplex, "error", "close");
    for (const letter of ["a", "b"]) {
      duplex.write(pattern(20_000_000), (error) =>
        seen.push(`${letter} ${codeOf(error)}`),
      );
    }
    await providers.time.sleep(5);
    peer.reset();
    await closed(duplex);
    await providers.time.sleep(5);
    const [first = "", second, ...writes] = seen;
    t.regex(first, /^error (ECONNRESET|EPIPE)$/);
    t.is(second, "close");
    t.deepEqual(
      writes.map((write) => write.slice(0, 1)),
      ["a", "b"],
      "as a socket, or an agent lets go of a connection whose error is to come",
    );
  });

  check("is idle when nothing has happened for so long", {}, async (t, p) => {
    const { duplex, peer, providers } = p;
    const { time } = providers;
    let lastMs = time.now();
    const idle = new Promise<number>((resolve) => {
      duplex.setTimeout(60, () => resolve(time.now() - lastMs));
    });
    t.is(duplex.timeout, 60);
    duplex.on("data", () => (lastMs = time.now()));
    await peer.write(bytesOf("."));
    t.true((await idle) >= 60);
    t.false(duplex.destroyed, "what to do about it is not its business");
  });

  check(
    "without a clock is never idle",
    { time: undefined },
    async (t, { duplex, providers }) => {
      duplex.setTimeout(10, () => t.fail());
      await providers.time.sleep(40);
      t.is(duplex.timeout, 10);
    },
  );

  check("knows both addresses", {}, async (t, { duplex, peer }) => {
    const { local, remote } = peer;
    t.is(`${duplex.localAddress}:${duplex.localPort}`, remote.key);
    t.is(`${duplex.remoteAddress}:${duplex.remotePort}`, local.key);
    t.deepEqual(duplex.address(), {
      address: remote.ip,
      port: remote.port,
      family: "IPv4",
    });
    t.is(duplex.localFamily, "IPv4");
    t.is(duplex.remoteFamily, "IPv4");
    t.false(duplex.connecting);
    t.false(duplex.pending);
    t.false(duplex.encrypted);
    t.is(duplex.readyState, "open");
    t.is(duplex.setNoDelay().setKeepAlive(true, 1).ref().unref(), duplex);
  });

  checkWorld("connects by itself", async (t, world) => {
    const listener = await listen(world);
    const duplex = connectDuplex(world.b.network, listener.address);
    const seen = record(duplex, "connect", "ready", "finish", "end", "close");
    t.true(duplex.connecting);
    t.true(duplex.pending);
    t.is(duplex.readyState, "opening");
    t.is(duplex.remoteAddress, undefined);
    t.deepEqual(duplex.address(), {});
    duplex.end("written before there was a connection");
    const peer = await listener.accept();
    const text = await readAll(peer);
    t.is(textOf(text), "written before there was a connection");
    t.false(duplex.connecting);
    t.is(duplex.remotePort, listener.address.port);
    await peer.write(bytesOf("answer"));
    peer.end();
    t.is(textOf(await collect(duplex)), "answer");
    await closed(duplex);
    t.deepEqual(seen, ["connect", "ready", "finish", "end", "close"]);
    await listener.close();
  });

  checkWorld("that cannot connect says so in Node's words", async (t, w) => {
    const listener = await listen(w);
    await listener.close();
    const { ip, port } = listener.address;
    const duplex = connectDuplex(w.b.network, listener.address);
    duplex.write("lost");
    const error = await new Promise<Error>((resolve) => {
      duplex.once("error", resolve);
    });
    t.is(error.message, `connect ECONNREFUSED ${ip}:${port}`);
    const code = "ECONNREFUSED";
    t.like(error, { code, syscall: "connect", address: ip, port });
    t.true(isNetworkError(error.cause, "refused"));
    await closed(duplex);
    t.false(duplex.connecting);
  });

  checkWorld("with an address that is none fails", async (t, world) => {
    const duplex = connectDuplex(world.b.network, "no address");
    const error = await new Promise((resolve) => duplex.once("error", resolve));
    t.regex(String(error), /address/);
  });

  checkWorld("that is destroyed while it connects is gone", async (t, w) => {
    const listener = await listen(w);
    for (const waitMs of [0, 0.05, 1, 3, 6]) {
      const duplex = connectDuplex(w.b.network, listener.address);
      const seen = record(duplex, "connect", "error", "close");
      duplex.write("never mind");
      await w.b.time.sleep(waitMs);
      duplex.destroy();
      await closed(duplex);
      t.is(seen.at(-1), "close");
      t.false(seen.some((event) => event.startsWith("error")));
    }
    await w.b.time.sleep(50);
    await listener.close();
  });
}

async function readSome({ duplex }: DuplexPair): Promise<Buffer> {
  return new Promise((resolve) => duplex.once("data", resolve));
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 70_001) {
    yield bytes.subarray(at, at + 70_001);
  }
}
