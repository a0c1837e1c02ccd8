/** What every network must do until a connection stands. */
import { type ContractTest, contractCases, type Harness } from "./contract.ts";
import {
  bytesOf,
  dial,
  failsWith,
  listen,
  readAtLeast,
  textOf,
  withPair,
} from "./streams.ts";

export function connectContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} network`, harness);

  check("port 0 becomes a real port", async (t, world) => {
    const listener = await listen(world);
    t.true(listener.address.port > 0);
    t.is(listener.address.url, world.addressOf("a", listener.address.port));
    await listener.close();
  });

  check("two listeners on port 0 get different ports", async (t, world) => {
    const first = await listen(world);
    const second = await listen(world);
    t.not(first.address.port, second.address.port);
    await first.close();
    await second.close();
  });

  check("both ends agree on their addresses", async (t, world) => {
    await withPair(world, async ({ listener, client, server }) => {
      t.is(client.remote.key, listener.address.key);
      t.is(server.local.key, client.remote.key);
      t.is(server.remote.key, client.local.key);
      t.true(client.local.port > 0);
    });
  });

  check("connecting where nobody listens is refused", async (t, world) => {
    const listener = await listen(world);
    await listener.close();
    await failsWith(t, "refused", () => dial(world, listener));
  });

  check("a taken port is an address in use", async (t, world) => {
    const listener = await listen(world);
    await failsWith(t, "address_in_use", () =>
      world.a.network.bind(listener.address),
    );
    await listener.close();
  });

  check("an address of elsewhere cannot be listened on", async (t, { a }) => {
    await failsWith(t, "address_not_available", () =>
      a.network.bind("203.0.113.7:0"),
    );
  });

  check("a port is free again after close()", async (t, world) => {
    const first = await listen(world);
    await first.close();
    const second = await world.a.network.bind(first.address);
    t.is(second.address.key, first.address.key);
    const client = await dial(world, second);
    const server = await second.accept();
    t.is(server.remote.key, client.local.key);
    client.reset();
    server.reset();
    await second.close();
  });

  check("close() leaves accepted connections alive", async (t, world) => {
    await withPair(world, async ({ listener, client, server }) => {
      await listener.close();
      await client.write(bytesOf("still here"));
      t.is(textOf(await readAtLeast(server, 10)), "still here");
    });
  });

  check(
    "an aborted connect() rejects with the reason and leaves nothing behind",
    async (t, world) => {
      const listener = await listen(world);
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const connecting = t.throwsAsync(
        dial(world, listener, controller.signal),
      );
      controller.abort(reason);
      t.is(await connecting, reason);
      const client = await dial(world, listener);
      let server = await listener.accept();
      if (server.remote.key !== client.local.key) {
        // The abort came too late for the other side: it sees a connection that is over.
        await t.notThrowsAsync(
          server.read().then(
            (chunk) => t.is(chunk, undefined),
            () => t.pass(),
          ),
        );
        server.reset();
        server = await listener.accept();
      }
      t.is(server.remote.key, client.local.key);
      client.reset();
      server.reset();
      await listener.close();
    },
  );

  check(
    "connect() with a fired signal rejects with its reason",
    async (t, world) => {
      const listener = await listen(world);
      const reason = new Error("too late");
      t.is(
        await t.throwsAsync(async () =>
          dial(world, listener, AbortSignal.abort(reason)),
        ),
        reason,
      );
      await listener.close();
    },
  );

  check(
    "a signal that fires after connect() does not touch the connection",
    async (t, world) => {
      const listener = await listen(world);
      const controller = new AbortController();
      const client = await dial(world, listener, controller.signal);
      const server = await listener.accept({ signal: controller.signal });
      controller.abort(new Error("late"));
      await client.write(bytesOf("fine"));
      t.is(textOf(await readAtLeast(server, 4)), "fine");
      client.reset();
      server.reset();
      await listener.close();
    },
  );

  for (const address of [
    "nonsense",
    "10.0.0.1",
    "10.0.0.1:70000",
    "10.0.0.1:http",
  ]) {
    check(`"${address}" is no address`, async (t, { a }) => {
      const expectation = { name: "NetworkAddressParseError" };
      await t.throwsAsync(async () => a.network.connect(address), expectation);
      await t.throwsAsync(async () => a.network.bind(address), expectation);
    });
  }
}
