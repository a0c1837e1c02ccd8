/** What a process has and waits for, asked from outside. */
import test from "ava";

import { isSimulationError, SimWorld } from "../../src/sim/index.ts";

const never = (): Promise<void> => new Promise(() => undefined);
const [serverIp, clientIp] = ["10.0.1.1", "10.0.1.2"];

/** Bind, connect, open a file, start a task and a timer, and give back what `giveBack` says. */
async function furnished(
  giveBack: boolean,
  keepOrigins = false,
): Promise<SimWorld> {
  const world = new SimWorld({ seed: 1, keepOrigins });
  await world.run(async () => {
    const [server, client] = [serverIp, clientIp].map((ip) =>
      world.providers(ip),
    );
    if (server === undefined || client === undefined) throw new Error("none");
    const listener = await server.network.bind("0.0.0.0:7");
    const socket = await client.network.bindDatagram("0.0.0.0:9");
    const [connection, accepted] = await Promise.all([
      client.network.connect(`${serverIp}:7`),
      listener.accept(),
    ]);
    const file = await client.storage.open("log", {
      write: true,
      create: true,
    });
    const task = client.tasks.spawn("sweep", never);
    const timer = client.time.schedule(90_000, () => undefined);
    if (!giveBack) return;
    connection.close();
    accepted.close();
    task.abort();
    timer.cancel();
    await Promise.all([listener.close(), socket.close(), file.close()]);
  });
  return world;
}

const held = (world: SimWorld, ip: string): string[] | undefined =>
  world.inventory(ip)?.holdings.map(({ kind, name }) => `${kind} ${name}`);

test.serial("SimWorld.inventory names all that a process holds", async (t) => {
  const world = await furnished(false);
  t.deepEqual(held(world, serverIp), [
    "listener 0.0.0.0:7",
    `connection ${serverIp}:7 → ${clientIp}:40000`,
  ]);
  t.deepEqual(held(world, clientIp)?.slice(0, -1), [
    "datagram_socket 0.0.0.0:9",
    `connection ${clientIp}:40000 → ${serverIp}:7`,
    "file log",
    "task sweep",
  ]);
  t.regex(held(world, clientIp)?.at(-1) ?? "", /^timer callback due at 9\d+/);
});

test.serial(
  "SimWorld.inventory shows where everything was made if the world keeps that, which changes nothing",
  async (t) => {
    const [keeping, plain] = [
      await furnished(false, true),
      await furnished(false),
    ];
    t.is(keeping.fingerprint, plain.fingerprint);
    for (const ip of [serverIp, clientIp]) {
      t.deepEqual(held(keeping, ip), held(plain, ip));
      for (const { name, stack } of keeping.inventory(ip)?.holdings ?? [])
        t.regex(stack ?? "", /furnished|inventory\.test/, name);
      for (const { stack } of plain.inventory(ip)?.holdings ?? [])
        t.is(stack, undefined);
    }
  },
);

test.serial("a process that gives everything back holds nothing", async (t) => {
  const world = await furnished(true);
  await world.runUntilEmpty();
  t.deepEqual(held(world, serverIp), []);
  t.deepEqual(held(world, clientIp), []);
});

test.serial(
  "a dead process holds nothing, and its machine has no inventory",
  async (t) => {
    const world = await furnished(false);
    world.kill(clientIp);
    await world.runUntilEmpty();
    t.is(world.inventory(clientIp), undefined);
    t.is(world.inventory("10.9.9.9"), undefined);
    t.deepEqual(held(world, serverIp), ["listener 0.0.0.0:7"]);
  },
);

test.serial(
  "a disk at work and a connect under way are waited for",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const { network, storage } = world.providers(clientIp);
    await world.run(() => {
      storage.exists("log").catch(never);
      network.connect(`${serverIp}:7`).catch(never);
      return Promise.resolve();
    });
    const waits = world.inventory(clientIp)?.waits ?? [];
    t.is(waits[0], `an answer to its connect to ${serverIp}:7`);
    t.regex(waits[1] ?? "", /^its disk until [\d.]+ ms$/);
    await world.runUntilEmpty();
  },
);

test.serial(
  "a world in which nothing can happen any more says who waits for what",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const error = await t.throwsAsync(
      world.run(async () => {
        const listener = await world
          .providers(serverIp)
          .network.bind("0.0.0.0:7");
        await listener.accept();
      }),
    );
    t.true(isSimulationError(error, "deadlock"));
    t.regex(
      error.message,
      /the function given to run\(\) has not finished; 10\.0\.1\.1 waits for a connection at 0\.0\.0\.0:7$/,
    );
  },
);
