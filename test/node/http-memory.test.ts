/** A dead process that served or called over HTTP is collected, though Node itself kept its parsers. */
import { createServer, get } from "node:http";
import type { Duplex } from "node:stream";
import test from "ava";

import type { Connection, Providers } from "../../src/core/index.ts";
import { asDuplex, httpAgent, serveHttp } from "../../src/node/index.ts";
import type { SimWorld } from "../../src/sim/index.ts";
import { collectGarbage } from "../sim/garbage.ts";
import { ipA, ipB, pattern, worldOf } from "../sim/support.ts";

/** Does something with HTTP for ever, and `touch`es what it has in memory in all that it leaves behind. */
type Program = (life: Providers, touch: () => void) => Promise<unknown>;

const server = { host: ipA, port: 80 };

/** Serves requests without ever answering them. */
const silent: Program = ({ network, tasks, time }, touch) =>
  serveHttp({ network, tasks, time }, `${ipA}:80`, touch);

/** Asks, and waits; more on a connection that is kept alive. */
const asking: Program = (providers, touch) => {
  const agent = httpAgent(providers, { keepAlive: true });
  for (const path of ["/one", "/two"])
    get({ ...server, agent, path }, (response) => {
      response.resume().on("end", touch);
    }).on("error", touch);
  return never();
};

/** Answers what it can and keeps the connection. */
const answering: Program = ({ network, tasks, time }, touch) =>
  serveHttp({ network, tasks, time }, `${ipA}:80`, (_, response) => {
    touch();
    response.end("answered");
  });

for (const [what, program, other, victim] of [
  ["a server with requests that it has not answered", silent, asking, ipA],
  ["a server with connections that are kept alive", answering, asking, ipA],
  ["a client that waits for answers", asking, silent, ipB],
  ["a client with connections that are kept alive", asking, answering, ipB],
] as const) {
  test.serial(`${what} is collected after its kill`, async (t) => {
    const world = worldOf();
    const neighbour = victim === ipA ? ipB : ipA;
    const memory = await liveAndDie(world, { program, other, victim });
    t.is(world.ghostCalls, 0);
    t.true(world.isAlive(neighbour));
    t.false(await isKept(memory));
  });

  test.serial(`${what} is collected when the world is over`, async (t) => {
    const memory = await untilTheEnd({ program, other, victim });
    t.false(await isKept(memory));
  });
}

test.serial(
  "a parser that nobody frees keeps its server, so these tests see the difference",
  async (t) => {
    const world = worldOf();
    const memory = await liveAndDie(world, {
      program: async ({ network }, touch) => {
        const listener = await network.bind(`${ipA}:80`);
        const web = createServer(touch);
        for (;;) web.emit("connection", immortal(await listener.accept()));
      },
      other: asking,
      victim: ipA,
    });
    t.true(await isKept(memory));
  },
);

/** A stream that does not hear of the death of its process. */
function immortal(connection: Connection): Duplex {
  return asDuplex({
    local: connection.local,
    remote: connection.remote,
    read: () => connection.read(),
    write: (bytes) => connection.write(bytes),
    end: () => connection.end(),
    close: () => connection.close(),
    reset: () => connection.reset(),
    [Symbol.dispose]: () => connection.close(),
  });
}

interface Scene {
  readonly program: Program;
  readonly other: Program;
  readonly victim: string;
}

/** Both run for a while; then the victim is killed, and the other one goes on. */
async function liveAndDie(
  world: SimWorld,
  scene: Scene,
): Promise<WeakRef<Uint8Array>> {
  const memory = await live(world, scene);
  world.kill(scene.victim);
  await world.run(() => world.time.sleep(1_000));
  return memory;
}

async function untilTheEnd(scene: Scene): Promise<WeakRef<Uint8Array>> {
  const world = worldOf();
  const memory = await live(world, scene);
  world.end();
  return memory;
}

/** In a function of its own, so that no frame of the test holds what the life held. */
async function live(
  world: SimWorld,
  { program, other, victim }: Scene,
): Promise<WeakRef<Uint8Array>> {
  let memory: WeakRef<Uint8Array> | undefined;
  let touched = 0;
  const start = {
    [victim]: async (life: Providers) => {
      const held = pattern(100_000);
      memory = new WeakRef(held);
      await program(life, () => {
        held.fill(0);
        touched += 1;
      });
      await never();
    },
    [victim === ipA ? ipB : ipA]: async (life: Providers) => {
      await other(life, () => undefined);
      await never();
    },
  };
  for (const ip of [ipA, ipB]) {
    world.boot(ip, start[ip] as (life: Providers) => Promise<void>);
    await world.run(() => world.time.sleep(100));
  }
  if (touched === 0 && other !== silent) throw new Error("nothing happened");
  return memory as WeakRef<Uint8Array>;
}

async function isKept(memory: WeakRef<Uint8Array>): Promise<boolean> {
  await collectGarbage();
  return memory.deref() !== undefined;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
