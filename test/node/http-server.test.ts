/** Serving HTTP on a provider: whose clock, which timers, and how it ends. */
import { createHook } from "node:async_hooks";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import test, { type ExecutionContext } from "ava";

import {
  connectDuplex,
  httpAgent,
  httpServerOptions,
  serveHttp,
  type HttpService,
} from "../../src/node/index.ts";
import type { SimProviders, SimWorld } from "../../src/sim/index.ts";
import { ipA, ipB, worldOf } from "../sim/support.ts";
import { site } from "./http/site.ts";
import { ask, say, type Answer, type Visit } from "./http/visit.ts";
import { providerVisit } from "./http/worlds.ts";

interface Scene {
  readonly world: SimWorld;
  readonly service: HttpService;
  readonly client: SimProviders;
  readonly visit: Visit;
}

/** Serve at one machine of a world, visit from another. */
function served(
  server: Server,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  const world = worldOf();
  const [home, client] = [world.providers(ipA), world.providers(ipB)];
  return world.run(async () => {
    const service = await serveHttp(home, `${ipA}:80`, server);
    const agent = httpAgent(client, { keepAlive: true });
    const target = { host: ipA, port: 80, agent, patienceMs: 60_000 };
    await use({ world, service, client, visit: providerVisit(client, target) });
    agent.destroy();
    await service.close();
  });
}

/** Somewhat after a connection has ended. */
const momentMs = 50;

for (const [who, makeServer] of [
  ["a server of one's own", () => site()],
  [
    "a server made with httpServerOptions",
    (world: SimWorld) => {
      const options = httpServerOptions(world.providers(ipA).time);
      return createServer(options, (_, response) => response.end());
    },
  ],
] as const) {
  test.serial(`${who} dates its answers by the provider's clock`, async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const [home, client] = [world.providers(ipA), world.providers(ipB)];
      await serveHttp(home, `${ipA}:80`, makeServer(world));
      const agent = httpAgent(client);
      const target = { host: ipA, port: 80, agent, patienceMs: 1_000 };
      const visit = providerVisit(client, target);
      await world.time.sleep(3_600_000);
      const { headers } = await ask(visit, { path: "/hello" });
      const date = Date.parse(headers.date ?? "");
      t.true(Math.abs(date - home.time.wallClock()) <= 1_000, headers.date);
      if (who === "a server of one's own") return;
      // What Node refuses by itself never reaches a handler.
      const nameless = "GET / HTTP/1.1\r\n\r\n";
      const refused = await say(visit, nameless, "wait");
      t.regex(refused, /^HTTP\/1\.1 400/);
      t.true(refused.includes(`Date: ${headers.date}`), refused);
    });
  });
}

/** How many timers of the machine are started meanwhile, those that let a process end included. */
async function timersStarted(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init: (_, type) => void (count += type === "Timeout" ? 1 : 0),
  });
  hook.enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  return count;
}

test.serial("serving and asking start no timer of the machine", async (t) => {
  const server = site();
  server.timeout = 10_000;
  const count = await timersStarted(() =>
    served(server, async ({ visit }) => {
      await ask(visit, { path: "/hello" });
      await ask(visit, { path: "/never" }).catch(() => "as it should");
    }),
  );
  t.is(count, 0);
  t.false(server.listening);
});

test.serial(
  "a server that listens starts some, so the count sees them",
  async (t) => {
    const server = site();
    const count = await timersStarted(async () => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      server.close();
    });
    t.true(count > 0);
  },
);

test.serial("keepAliveTimeout passes on the provider's clock", async (t) => {
  const server = site();
  server.keepAliveTimeout = 7_000;
  await served(server, async ({ world, client, visit }) => {
    const first = await ask(visit, { path: "/port" });
    await world.time.sleep(3_000);
    const second = await ask(visit, { path: "/port" });
    t.true(second.reused);
    t.is(String(second.body), String(first.body));
    const beganMs = client.time.now();
    const sleeping = visit.agent.freeSockets[`${ipA}:80:`]?.[0];
    await new Promise((resolve) => sleeping?.once("close", resolve));
    const idleMs = client.time.now() - beganMs;
    t.true(idleMs >= 7_000 && idleMs < 9_000, `${idleMs} ms`);
    t.false((await ask(visit, { path: "/port" })).reused);
  });
});

test.serial("server.timeout ends who never finishes a request", async (t) => {
  const server = site();
  server.timeout = 2_000;
  await served(server, async ({ client, visit }) => {
    const beganMs = client.time.now();
    await say(visit, "GET / HTTP/1.1\r\nHost", "wait");
    const idleMs = client.time.now() - beganMs;
    t.true(idleMs >= 2_000 && idleMs < 2_000 + momentMs, `${idleMs} ms`);
  });
});

test.serial(
  "close() lets requests finish, ends idle connections and takes no more",
  async (t) => {
    let finish = (): void => t.fail("nobody has asked");
    const server = createServer((asked, response) => {
      if (asked.url === "/slow") finish = () => response.end("at last");
      else response.end("at once");
    });
    await served(server, async ({ world, service, client, visit }) => {
      await ask(visit, { path: "/fast" });
      const idle = connectDuplex(client.network, `${ipA}:80`);
      const idleEnded = new Promise((resolve) => idle.once("end", resolve));
      idle.resume();
      const slow = ask(visit, { path: "/slow" });
      await world.time.sleep(momentMs);
      let closed = false;
      const closing = service.close().then(() => (closed = true));
      await idleEnded;
      await refused(t, visit);
      await world.time.sleep(10_000);
      t.false(closed, "a request is being answered");
      finish();
      const answer = await slow;
      t.is(String(answer.body), "at last");
      t.is(answer.headers.connection, "close");
      await closing;
    });
  },
);

test.serial(
  "an agent belongs to one life: the next one starts with none of its connections",
  async (t) => {
    const world = worldOf();
    const answers: Answer[] = [];
    await world.run(async () => {
      await serveHttp(world.providers(ipA), `${ipA}:80`, site());
      for (let life = 0; life < 3; life += 1) {
        world.boot(ipB, async (client: SimProviders) => {
          const agent = httpAgent(client, { keepAlive: true });
          const target = { host: ipA, port: 80, agent, patienceMs: 1_000 };
          const visit = providerVisit(client, target);
          for (let time = 0; time < 2; time += 1) {
            answers.push(await ask(visit, { path: "/port" }));
            await client.time.sleep(1);
          }
        });
        await world.time.sleep(1_000);
        world.kill(ipB);
        await world.time.sleep(1_000);
      }
    });
    const reused = answers.map((answer) => answer.reused);
    t.deepEqual(reused, [false, true, false, true, false, true]);
    t.is(new Set(answers.map(({ body }) => String(body))).size, 3);
    t.is(world.ghostCalls, 0);
  },
);

async function refused(t: ExecutionContext, visit: Visit): Promise<void> {
  const { host, port } = visit;
  const agent = visit.agent;
  const asked = new Promise((_, reject) => {
    request({ host, port, agent, path: "/fast" }).on("error", reject).end();
  });
  t.like(await t.throwsAsync(asked), { code: "ECONNREFUSED" });
}
