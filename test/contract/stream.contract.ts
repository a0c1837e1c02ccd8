/** What every connection must do when its streams end in order. */
import { type ContractTest, contractCases, type Harness } from "./contract.ts";
import {
  bytesOf,
  failsWith,
  pattern,
  readAll,
  readAtLeast,
  settlesWithin,
  textOf,
  withPair,
} from "./streams.ts";

export function streamContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} network`, harness);

  check("the end comes after all bytes, and stays", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write(bytesOf("last words"));
      client.end();
      t.is(textOf(await readAtLeast(server, 10)), "last words");
      t.is(await server.read(), undefined);
      t.is(await server.read(), undefined);
    });
  });

  check("an end without bytes is an end", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      client.end();
      client.end();
      t.is(await server.read(), undefined);
    });
  });

  check("a read that waits is told of the end", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const reading = server.read();
      await world.b.time.sleep(3);
      client.end();
      t.is(await reading, undefined);
    });
  });

  check("one direction goes on after the other has ended", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write(bytesOf("request"));
      client.end();
      const request = textOf(await readAll(server));
      await world.b.time.sleep(3);
      await server.write(bytesOf(`reply to ${request}`));
      server.end();
      t.is(textOf(await readAll(client)), "reply to request");
    });
  });

  check("write() after end() rejects, read() goes on", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      client.end();
      await failsWith(t, "closed", () => client.write(bytesOf("too late")));
      await server.write(bytesOf("still"));
      t.is(textOf(await readAtLeast(client, 5)), "still");
    });
  });

  check(
    "a write that waits is settled after end() when the reader reads",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        const bytes = pattern(8_388_608);
        const writing = client.write(bytes);
        client.end();
        t.is((await readAll(server)).length, bytes.length);
        await writing;
      });
    },
  );

  check("close() sends what was written, then ends", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write(pattern(30_000));
      client.close();
      t.deepEqual(await readAll(server), pattern(30_000));
    });
  });

  check(
    "close() sends what was written, however much waits",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        const writing = client
          .write(pattern(1_000_000))
          .catch(() => "room no longer matters");
        client.close();
        t.is((await readAll(server)).length, 1_000_000);
        await writing;
      });
    },
  );

  check(
    "close() sends what was written although it leaves bytes unread",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        await server.write(pattern(10_000));
        await world.b.time.sleep(5);
        await client.write(bytesOf("goodbye"));
        client.close();
        t.is(textOf(await readAtLeast(server, 7)), "goodbye");
      });
    },
  );

  check(
    "calls after close() reject, close() twice is harmless",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        await server.write(bytesOf("unread"));
        await world.b.time.sleep(5);
        client.close();
        client.close();
        await failsWith(t, "closed", () => client.read());
        await failsWith(t, "closed", () => client.write(bytesOf("x")));
      });
    },
  );

  check("a read that waits rejects when this side closes", async (t, world) => {
    await withPair(world, async ({ client }) => {
      const reading = failsWith(t, "closed", () => client.read());
      await world.b.time.sleep(2);
      client.close();
      await reading;
    });
  });

  check("a write that waits is settled by close()", async (t, world) => {
    await withPair(world, async ({ client }) => {
      const writing = client.write(pattern(16_777_216));
      const early = settlesWithin(world, 20, writing);
      t.false(await early, "there was room for everything");
      client.close();
      t.true(await settlesWithin(world, 20, writing));
    });
  });

  check(
    "a connection that ended on both sides stays ended",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        client.end();
        server.end();
        t.is(await client.read(), undefined);
        t.is(await server.read(), undefined);
        await world.b.time.sleep(10);
        t.is(await client.read(), undefined);
        await failsWith(t, "closed", () => client.write(bytesOf("x")));
      });
    },
  );

  check("leaving a `using` block closes", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await client.write(bytesOf("bye"));
      client[Symbol.dispose]();
      t.is(textOf(await readAll(server)), "bye");
      await failsWith(t, "closed", () => client.read());
    });
  });
}
