/** Servers that are called by the names of their hosts. */
import { create } from "@bufbuild/protobuf";
import test, { type ExecutionContext } from "ava";

import { HostAddress } from "../../src/core/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import {
  createBalancedClient,
  createClient,
  EndpointPool,
  endpointOf,
  EndpointRefSchema,
  serve,
} from "../../src/rpc/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { tlsOf } from "../node/certificates.ts";
import { onNode } from "../runner/node-support.ts";
import { errorOf, errorStory } from "./call-errors.ts";
import { clientIp, NotesRpc, plainHandler, serverIp } from "./notes.ts";

const otherIp = "10.0.1.9";

interface Town {
  readonly world: SimWorld;
  readonly client: NetTransport;
  /** Serve at that machine, under its own number. */
  open(ip: string, cents: bigint): Promise<NetTransport>;
}

async function inTown(main: (town: Town) => Promise<void>): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const client = NetTransport.client(world.providers(clientIp));
    const open = async (ip: string, cents: bigint): Promise<NetTransport> => {
      const transport = await NetTransport.listen(
        world.providers(ip),
        `${ip}:4500`,
      );
      serve(transport, NotesRpc, { ...plainHandler, read: () => ({ cents }) });
      return transport;
    };
    await main({ world, client, open });
    await client.close();
  });
}

test.serial(
  "a server is called by the name of its host, and found again when it has moved",
  async (t) => {
    await inTown(async ({ world, client, open }) => {
      const first = await open(serverIp, 1n);
      const second = await open(otherIp, 2n);
      world.network.name("notes", serverIp);
      const notes = createClient(NotesRpc, client, "Notes:4500");
      t.is((await notes.read({})).cents, 1n);
      world.network.name("notes", otherIp);
      t.is((await notes.read({})).cents, 1n, "its connection stands");
      await first.close();
      t.is((await notes.read({})).cents, 2n);
      await second.close();
    });
  },
);

test.serial(
  "a name that nobody knows is out of reach, and whoever may wait is served once it is known",
  async (t) => {
    await inTown(async ({ world, client, open }) => {
      const server = await open(serverIp, 1n);
      const notes = createClient(NotesRpc, client, "notes:4500");
      const waiting = notes.read({}, { timeoutMs: 60_000 });
      const error = await errorOf(notes.write({}));
      t.is(`${error.code} ${error.delivery}`, "unavailable not_sent");
      t.regex(errorStory(error), /nobody knows the name "notes"/);
      world.network.name("notes", serverIp);
      t.is((await waiting).cents, 1n);
      await server.close();
    });
  },
);

test.serial(
  "a name and the address behind it are two remotes, each with a connection of its own",
  async (t) => {
    await inTown(async ({ world, client, open }) => {
      const server = await open(serverIp, 1n);
      world.network.name("notes", serverIp);
      for (const to of ["notes:4500", `${serverIp}:4500`]) {
        const notes = createClient(NotesRpc, client, to);
        t.is((await notes.read({})).cents, 1n);
      }
      t.is(client.metrics().connectionCount, 2);
      t.is(
        client.peer("NOTES:4500"),
        client.peer(new HostAddress("notes", 4500)),
      );
      await server.close();
    });
  },
);

test.serial(
  "a connection to a name with the TLS flag has the flag, in a simulation as elsewhere",
  async (t) => {
    await inTown(async ({ world, open }) => {
      const server = await open(serverIp, 1n);
      world.network.name("notes", serverIp);
      const { network } = world.providers(clientIp);
      for (const [to, isTls] of [
        ["notes:4500", false],
        ["tls://notes:4500", true],
        [`tls://${serverIp}:4500`, true],
      ] as const) {
        using connection = await network.connect(to);
        t.is(connection.remote.isTls, isTls, to);
      }
      await server.close();
    });
  },
);

test.serial("servers are balanced by name", async (t) => {
  await inTown(async ({ world, client, open }) => {
    const servers = [await open(serverIp, 1n), await open(otherIp, 2n)];
    world.network.name("notes-0", serverIp);
    world.network.name("notes-1", otherIp);
    const pool = new EndpointPool(client, ["notes-0:4500", "notes-1:4500"]);
    const notes = createBalancedClient(NotesRpc, client, pool);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => notes.read({})),
    );
    const seen = new Set(answers.map(({ cents }) => cents));
    t.is(seen.size, 2);
    for (const server of servers) await server.close();
  });
});

test.serial("a reference may name a host", async (t) => {
  await inTown(async ({ world, client, open }) => {
    const server = await open(serverIp, 1n);
    world.network.name("notes", serverIp);
    const ref = create(EndpointRefSchema, {
      address: "notes:4500",
      token: NotesRpc.uid.toBytes(),
      serviceUid: NotesRpc.uid.toBytes(),
    });
    const notes = createClient(NotesRpc, client, endpointOf(NotesRpc, ref));
    t.is((await notes.read({})).cents, 1n);
    await server.close();
  });
});

/** Three servers, and a caller that knows them by the names they have in a simulation. */
function townOf(answers: string[]): SimulationBuilder {
  return new SimulationBuilder("town")
    .withoutChecks()
    .processes("Notes", { count: 3 }, async (ctx) => {
      const at = ctx.address(4500);
      const transport = await NetTransport.listen(ctx.providers, at);
      const write = (): { cents: bigint } => ({ cents: BigInt(ctx.index) });
      const handler = { ...plainHandler, write };
      return serve(transport, NotesRpc, handler, { ownsTransport: true });
    })
    .workload(() => ({
      name: "caller",
      async run(ctx) {
        await using client = NetTransport.client(ctx.providers);
        for (const name of ["Notes-2", "notes-0", "NOTES-1"]) {
          const notes = createClient(NotesRpc, client, `${name}:4500`);
          answers.push(`${name} ${(await notes.write({})).cents}`);
        }
      },
    }));
}

for (const [where, run] of [
  ["in a simulation", (town) => town.run({ seeds: [1] })],
  ["on real sockets, by a NodeRunner", (town) => onNode(town, { seed: 1 })],
] as readonly [
  string,
  (town: SimulationBuilder) => Promise<{ success: boolean }>,
][])
  test.serial(`processes call each other by name ${where}`, async (t) => {
    const answers: string[] = [];
    t.true((await run(townOf(answers))).success);
    t.deepEqual(answers, ["Notes-2 2", "notes-0 0", "NOTES-1 1"]);
  });

async function callByName(
  t: ExecutionContext,
  scheme: "" | "tls://",
): Promise<void> {
  const on = (who: "node" | "guest"): ReturnType<typeof nodeProviders> =>
    nodeProviders(scheme === "" ? {} : { tls: tlsOf(who) });
  await using server = await NetTransport.listen(
    on("node"),
    `${scheme}127.0.0.1:0`,
  );
  serve(server, NotesRpc, plainHandler);
  await using client = NetTransport.client(on("guest"));
  const to = `${scheme}localhost:${server.address?.port}`;
  const notes = createClient(NotesRpc, client, to, { timeoutMs: 60_000 });
  t.is((await notes.write({ account: "abc" })).cents, 3n);
}

test("over TCP a server is called by the name of its host", (t) =>
  callByName(t, ""));

test("over TLS a server proves that the name is its own", (t) =>
  callByName(t, "tls://"));
