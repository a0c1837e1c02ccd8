/** What every connection must do with bytes. */
import { concatBytes } from "../../src/base/bytes.ts";
import type { Connection } from "../../src/core/index.ts";
import {
  type ContractTest,
  contractCases,
  type ContractWorld,
  type Harness,
} from "./contract.ts";
import {
  bytesOf,
  dial,
  hash,
  listen,
  pattern,
  readAll,
  readAtLeast,
  textOf,
  withPair,
} from "./streams.ts";

const mebibyte = 1_048_576;

export function networkContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} network`, harness);

  check("bytes come back from an echo", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write(bytesOf("hello"));
      await server.write(await readAtLeast(server, 5));
      t.is(textOf(await readAtLeast(client, 5)), "hello");
    });
  });

  check("a read that waits is served when bytes come", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const reading = readAtLeast(server, 4);
      await world.b.time.sleep(3);
      await client.write(bytesOf("late"));
      t.is(textOf(await reading), "late");
    });
  });

  check("both directions flow at the same time", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const bytes = pattern(300_000);
      const sending = Promise.all([
        sendAndEnd(client, bytes),
        sendAndEnd(server, bytes),
      ]);
      const [atServer, atClient] = await Promise.all([
        readAll(server),
        readAll(client),
      ]);
      await sending;
      t.deepEqual(hash(atServer), hash(bytes));
      t.deepEqual(hash(atClient), hash(bytes));
    });
  });

  check("several chunks in one write arrive in order", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write([
        bytesOf("one "),
        bytesOf(""),
        bytesOf("two "),
        bytesOf("three"),
      ]);
      await client.write([]);
      await client.write(bytesOf("!"));
      t.is(textOf(await readAtLeast(server, 14)), "one two three!");
    });
  });

  check("many small writes keep their order", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const reading = readAll(server);
      const lines = Array.from({ length: 2_000 }, (_, index) =>
        bytesOf(`${index}\n`),
      );
      await Promise.all(lines.map((line) => client.write(line)));
      client.end();
      t.is(textOf(await reading), textOf(concatBytes(lines)));
    });
  });

  check("several MiB arrive intact", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const bytes = pattern(4 * mebibyte);
      const reading = readAll(server);
      await sendAndEnd(client, bytes);
      t.deepEqual(hash(await reading), hash(bytes));
    });
  });

  check("reads yield plain byte arrays, never empty ones", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write([new Uint8Array(0), bytesOf("x")]);
      const chunk = await server.read();
      t.is(chunk?.length, 1);
      t.is(Object.getPrototypeOf(chunk), Uint8Array.prototype);
    });
  });

  check(
    "a second read() while one waits is refused, the first goes on",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        const first = server.read();
        await t.throwsAsync(async () => server.read(), {
          instanceOf: TypeError,
        });
        await client.write(bytesOf("for the first"));
        t.is(textOf(await first), "for the first");
      });
    },
  );

  check("a writer is held up until the reader reads", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const chunk = pattern(65_536);
      const progress = { chunkCount: 0, done: false };
      const writing = writeUntilStopped(client, chunk, progress);
      const stuckAt = await whenStuck(world, progress);
      t.true(
        stuckAt * chunk.length < 64 * mebibyte,
        `${stuckAt} chunks were taken`,
      );
      let received = 0;
      while (progress.chunkCount <= stuckAt + 4)
        received += (await server.read())?.length ?? 0;
      progress.done = true;
      client.end();
      received += (await readAll(server)).length;
      await writing;
      t.is(received, progress.chunkCount * chunk.length);
    });
  });

  check("connections do not hold each other up", async (t, world) => {
    await withPair(world, async ({ listener, client, server }) => {
      const progress = { chunkCount: 0, done: false };
      const writing = writeUntilStopped(client, pattern(65_536), progress);
      await whenStuck(world, progress);
      const other = await dial(world, listener);
      const served = await listener.accept();
      await other.write(bytesOf("passing by"));
      t.is(textOf(await readAtLeast(served, 10)), "passing by");
      progress.done = true;
      server.reset();
      other.reset();
      served.reset();
      await writing;
    });
  });

  check("connections keep their bytes apart", async (t, world) => {
    const listener = await listen(world);
    const clients = await Promise.all(
      [0, 1, 2, 3].map(() => dial(world, listener)),
    );
    await Promise.all(
      clients.map((client) => sendAndEnd(client, bytesOf(client.local.key))),
    );
    for (const _ of clients) {
      const server = await listener.accept();
      t.is(textOf(await readAll(server)), server.remote.key);
      server.reset();
    }
    await listener.close();
  });
}

async function sendAndEnd(
  connection: Connection,
  bytes: Uint8Array,
): Promise<void> {
  for (let start = 0; start < bytes.length; start += 50_000) {
    await connection.write(bytes.subarray(start, start + 50_000));
  }
  connection.end();
}

/** How far a writer has come, and whether it should stop. */
interface Progress {
  chunkCount: number;
  done: boolean;
}

/** Write as long as one may. A connection that breaks ends it, too. */
async function writeUntilStopped(
  connection: Connection,
  chunk: Uint8Array,
  progress: Progress,
): Promise<void> {
  const chunkCountMax = 2_000;
  while (!progress.done && progress.chunkCount < chunkCountMax) {
    try {
      progress.chunkCount += 1;
      await connection.write(chunk);
    } catch {
      return; // The case is over, and has reset the connection.
    }
  }
}

/** How many chunks were taken when the writer came to a halt. */
async function whenStuck(
  world: ContractWorld,
  progress: Progress,
): Promise<number> {
  for (let before = -1; before !== progress.chunkCount;) {
    before = progress.chunkCount;
    await world.b.time.sleep(30);
  }
  return progress.chunkCount;
}
