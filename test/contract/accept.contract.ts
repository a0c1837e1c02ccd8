/** What every listener must do with the connections that come. */
import { type ContractTest, contractCases, type Harness } from "./contract.ts";
import {
  bytesOf,
  dial,
  failsWith,
  listen,
  readAtLeast,
  textOf,
} from "./streams.ts";

export function acceptContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} network`, harness);

  check(
    "a connection that came before accept() is accepted with its bytes",
    async (t, world) => {
      const listener = await listen(world);
      const client = await dial(world, listener);
      await client.write(bytesOf("early"));
      await world.b.time.sleep(5);
      const server = await listener.accept();
      t.is(server.remote.key, client.local.key);
      t.is(textOf(await readAtLeast(server, 5)), "early");
      client.reset();
      server.reset();
      await listener.close();
    },
  );

  check("accept() before the connection comes is served", async (t, world) => {
    const listener = await listen(world);
    const accepting = listener.accept();
    const client = await dial(world, listener);
    const server = await accepting;
    t.is(server.remote.key, client.local.key);
    client.reset();
    server.reset();
    await listener.close();
  });

  check(
    "two waiting accept() calls are both served, in order",
    async (t, world) => {
      const listener = await listen(world);
      const accepting = [listener.accept(), listener.accept()];
      const first = await dial(world, listener);
      const server = await accepting[0];
      const second = await dial(world, listener);
      const other = await accepting[1];
      t.is(server?.remote.key, first.local.key);
      t.is(other?.remote.key, second.local.key);
      for (const connection of [first, second, server, other])
        connection?.reset();
      await listener.close();
    },
  );

  check(
    "a waiting accept() rejects when the listener closes",
    async (t, world) => {
      const listener = await listen(world);
      const accepting = t.throwsAsync(listener.accept());
      await listener.close();
      t.is(((await accepting) as { code?: string }).code, "closed");
    },
  );

  check(
    "accept() after close() rejects, close() twice is harmless",
    async (t, world) => {
      const listener = await listen(world);
      await listener.close();
      await listener.close();
      await failsWith(t, "closed", () => listener.accept());
    },
  );

  check(
    "connections that nobody accepted are reset by close()",
    async (t, world) => {
      const listener = await listen(world);
      const client = await dial(world, listener);
      await world.b.time.sleep(5);
      await listener.close();
      await failsWith(t, "reset", () => client.read());
    },
  );

  check(
    "an aborted accept() rejects with the reason and takes no connection",
    async (t, world) => {
      const listener = await listen(world);
      const controller = new AbortController();
      const reason = new Error("not any more");
      const accepting = t.throwsAsync(
        listener.accept({ signal: controller.signal }),
      );
      controller.abort(reason);
      t.is(await accepting, reason);
      t.is(
        await t.throwsAsync(async () =>
          listener.accept({ signal: controller.signal }),
        ),
        reason,
      );
      const client = await dial(world, listener);
      const server = await listener.accept();
      t.is(server.remote.key, client.local.key);
      client.reset();
      server.reset();
      await listener.close();
    },
  );
}
