/** What every connection must do when it breaks: a reset is never mistaken for an end. */
import type { ExecutionContext } from "ava";

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
  failsWith,
  listen,
  pattern,
  settlesWithin,
  withPair,
} from "./streams.ts";

export function streamEndContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} network`, harness);

  check("a read that waits is told of the reset", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const reading = failsWith(t, "reset", () => server.read());
      await world.b.time.sleep(3);
      client.reset();
      await reading;
      await failsWith(t, "reset", () => server.read());
    });
  });

  check(
    "a reset that strikes while nobody reads is told to the next read",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        client.reset();
        await world.b.time.sleep(10);
        await failsWith(t, "reset", () => server.read());
      });
    },
  );

  check(
    "a reset of a connection whose first byte was never read is told",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        await client.write(bytesOf("unread"));
        await world.b.time.sleep(5);
        client.reset();
        await readUntilReset(t, server);
      });
    },
  );

  check(
    "a reset with unread bytes on the resetting side is a reset",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        await server.write(pattern(30_000));
        await world.b.time.sleep(5);
        client.reset();
        await readUntilReset(t, server);
      });
    },
  );

  for (const how of ["end", "reset"] as const) {
    check(
      `what earlier bytes caused has settled when the ${how} behind them is told`,
      async (t, world) => {
        await withPair(world, async ({ client, server }) => {
          await client.write(bytesOf("last"));
          await world.b.time.sleep(10);
          client[how]();
          await world.b.time.sleep(10);
          await readWhat(server);
          let jobs = 0;
          const settling = (async () => {
            for (; jobs < 1_000; jobs += 1) await Promise.resolve();
          })();
          await readWhat(server);
          t.is(jobs, 1_000);
          await settling;
        });
      },
    );
  }

  for (const length of [1, 1_000, 30_000]) {
    check(
      `a reset right behind ${length} bytes is never an end`,
      async (t, world) => {
        await withPair(world, async ({ client, server }) => {
          const writing = client
            .write(pattern(length))
            .catch(() => "it may be lost");
          client.reset();
          await writing;
          await readUntilReset(t, server);
        });
      },
    );
  }

  check(
    "a reset right behind bytes is never an end, also after our own end",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        server.end();
        t.is(await client.read(), undefined);
        const writing = client
          .write(pattern(1_000))
          .catch(() => "it may be lost");
        client.reset();
        await writing;
        await readUntilReset(t, server);
      });
    },
  );

  check("a reset before accept() is never an end", async (t, world) => {
    const listener = await listen(world);
    const client = await dial(world, listener);
    await client.write(pattern(1_000));
    await world.b.time.sleep(5);
    client.reset();
    await world.b.time.sleep(5);
    const server = await listener.accept();
    await readUntilReset(t, server);
    server.close();
    await listener.close();
  });

  check(
    "end() and reset() at once never look like an end with bytes to come",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        client.end();
        client.reset();
        await untilWriteFails(t, world, server);
      });
    },
  );

  check("after reset() on this side every call rejects", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      await server.write(bytesOf("unread"));
      await world.b.time.sleep(5);
      client.reset();
      client.reset();
      await failsWith(t, "reset", () => client.read());
      await failsWith(t, "reset", () => client.write(bytesOf("x")));
      t.notThrows(() => client.end());
      t.notThrows(() => client.close());
    });
  });

  check("a read that waits rejects when this side resets", async (t, world) => {
    await withPair(world, async ({ client }) => {
      const reading = failsWith(t, "reset", () => client.read());
      await world.b.time.sleep(2);
      client.reset();
      await reading;
    });
  });

  check(
    "a write that waits rejects when this side resets",
    async (t, world) => {
      await withPair(world, async ({ client }) => {
        const writing = failsWith(t, "reset", () =>
          client.write(pattern(16_777_216)),
        );
        await world.b.time.sleep(10);
        client.reset();
        await writing;
      });
    },
  );

  check("a write that waits is told of the reset", async (t, world) => {
    await withPair(world, async ({ client, server }) => {
      const writing = failsWith(t, "reset", () =>
        client.write(pattern(16_777_216)),
      );
      await world.b.time.sleep(10);
      server.reset();
      await writing;
    });
  });

  check(
    "writing to a connection that was reset rejects sooner or later",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        client.reset();
        await untilWriteFails(t, world, server);
      });
    },
  );

  check(
    "writing rejects after the reset even when nobody ever reads",
    async (t, world) => {
      await withPair(world, async ({ client, server }) => {
        await server.write(bytesOf("on its way"));
        client.reset();
        await untilWriteFails(t, world, server);
        t.true(await settlesWithin(world, 5, server.read()));
      });
    },
  );

  check(
    "the reset of one connection leaves the others alone",
    async (t, world) => {
      await withPair(world, async ({ listener, client }) => {
        const other = await world.b.network.connect(
          world.addressOf("a", listener.address.port),
        );
        const served = await listener.accept();
        client.reset();
        await world.b.time.sleep(5);
        await other.write(bytesOf("fine"));
        t.is((await served.read())?.length, 4);
        other.reset();
        served.reset();
      });
    },
  );
}

/** The next bytes, or the error instead of them. */
function readWhat(connection: Connection): Promise<unknown> {
  return connection.read().catch((error: unknown) => error);
}

/** Bytes that arrived before may be read or lost; what follows is the reset, never an end. */
async function readUntilReset(
  t: ExecutionContext,
  connection: Connection,
): Promise<void> {
  const readAllBytes = async (): Promise<never> => {
    for (;;) {
      const chunk = await connection.read();
      if (chunk === undefined)
        throw new Error("a reset was mistaken for an end");
    }
  };
  await failsWith(t, "reset", readAllBytes);
}

/** Bytes may vanish for a while, as on a real wire. */
async function untilWriteFails(
  t: ExecutionContext,
  world: ContractWorld,
  connection: Connection,
): Promise<void> {
  const attemptsMax = 50;
  const writeOn = async (): Promise<void> => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      await connection.write(bytesOf("anybody there?"));
      await world.b.time.sleep(2);
    }
  };
  await failsWith(t, "reset", writeOn);
}
