/** What every network must do with datagrams, and with names. */
import { isNetworkError, type NetworkErrorCode } from "../../src/core/index.ts";
import {
  type ContractTest,
  contractCases,
  type ContractWorld,
  type Harness,
} from "./contract.ts";
import { bytesOf, failsWith, listen, textOf } from "./streams.ts";

export function datagramContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} datagrams`, harness);

  check(
    "a datagram arrives whole, and says where it came from",
    async (t, world) => {
      const [a, b] = await sockets(world);
      t.true(a.address.port > 0);
      await b.send(bytesOf("hello"), a.address);
      const { from, bytes } = await a.receive();
      t.is(textOf(bytes), "hello");
      t.is(from.key, b.address.key);
      await a.send(new Uint8Array(0), from.key);
      t.is((await b.receive()).bytes.length, 0);
      await a.close();
      await b.close();
    },
  );

  check("a datagram to nobody is lost without a word", async (t, world) => {
    const [a, b] = await sockets(world);
    await a.close();
    for (let turn = 0; turn < 3; turn += 1)
      await t.notThrowsAsync(b.send(bytesOf("anybody?"), a.address));
    await b.close();
  });

  check("a datagram that is too long is refused", async (t, world) => {
    const [a, b] = await sockets(world);
    await failsWith(t, "too_large", () =>
      b.send(new Uint8Array(70_000), a.address),
    );
    await a.close();
    await b.close();
  });

  check("close() ends a wait, and every later call", async (t, world) => {
    const [a, b] = await sockets(world);
    const waiting = codeOf(a.receive());
    await a.close();
    await a.close();
    t.is(await waiting, "closed");
    t.is(await codeOf(a.receive()), "closed");
    t.is(await codeOf(a.send(bytesOf("late"), b.address)), "closed");
    await b.close();
  });

  check("a signal ends a wait and loses nothing", async (t, world) => {
    const [a, b] = await sockets(world);
    const controller = new AbortController();
    const reason = new Error("enough");
    const waiting = t.throwsAsync(a.receive({ signal: controller.signal }));
    controller.abort(reason);
    t.is(await waiting, reason);
    await b.send(bytesOf("still"), a.address);
    t.is(textOf((await a.receive()).bytes), "still");
    await a.close();
    await b.close();
  });

  check("a taken datagram port is an address in use", async (t, world) => {
    const [a, b] = await sockets(world);
    await failsWith(t, "address_in_use", () =>
      world.a.network.bindDatagram(a.address),
    );
    await a.close();
    await b.close();
  });

  check("localhost is a name of every machine", async (t, { a, addressOf }) => {
    const listener = await listen({ a, b: a, addressOf });
    const client = await a.network.connect(
      `localhost:${listener.address.port}`,
    );
    t.is(client.remote.port, listener.address.port);
    client.reset();
    await listener.close();
  });

  check("a name that nobody has is unreachable", async (t, { a }) => {
    await failsWith(t, "unreachable", () =>
      a.network.connect("nobody.invalid:80"),
    );
  });
}

async function sockets({ a, b, addressOf }: ContractWorld) {
  return [
    await a.network.bindDatagram(addressOf("a", 0)),
    await b.network.bindDatagram(addressOf("b", 0)),
  ] as const;
}

async function codeOf(
  promise: Promise<unknown>,
): Promise<NetworkErrorCode | "settled"> {
  try {
    await promise;
    return "settled";
  } catch (error) {
    if (isNetworkError(error)) return error.code;
    throw error;
  }
}
