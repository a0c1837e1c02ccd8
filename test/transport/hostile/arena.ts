/** A server, an honest client and an attacker with bare connections: in a simulated world, or on real sockets. */
import type {
  Connection,
  Endpoint,
  Providers,
  TraceFields,
} from "../../../src/core/index.ts";
import { nodeProviders } from "../../../src/node/index.ts";
import { SimWorld } from "../../../src/sim/index.ts";
import {
  NetTransport,
  type TransportMetrics,
  type TransportOptions,
} from "../../../src/transport/index.ts";
import { encodeHandshake } from "../../../src/wire/index.ts";
import { frameOf } from "../../wire/frames.ts";
import { bytes, echoToken, type Receive, serverIp } from "../tank.ts";

export type Place = "in simulation" | "on real sockets";
export const places: readonly Place[] = ["in simulation", "on real sockets"];

/** What an attack is given. */
export interface Arena {
  readonly server: NetTransport;
  readonly client: NetTransport;
  /** The honest client's way to the server. */
  readonly echo: Endpoint;
  /** The machine of the attacker. */
  readonly attacker: Providers;
  /** Where the attacker may listen. */
  readonly attackerAddress: string;
  /** Why the server broke connections, in order. */
  readonly codes: readonly string[];
  /** Connect as a stranger and send these bytes. */
  attack(...chunks: Uint8Array[]): Promise<Connection>;
  /** Let time pass until this holds of the server. Throws after ten seconds. */
  until(holds: (metrics: TransportMetrics) => boolean): Promise<void>;
}

export interface ArenaOptions {
  /** Of the simulated world. Default 1. */
  readonly seed?: number;
  readonly server?: TransportOptions;
  /** What the server does with a message. Default: answer with what came. */
  readonly receive?: Receive;
}

/** Run one attack there, and close the honest ends afterwards. */
export async function inArena(
  place: Place,
  options: ArenaOptions,
  main: (arena: Arena) => Promise<void>,
): Promise<void> {
  const codes: string[] = [];
  const note = (name: string, fields: TraceFields): void => {
    if (name === "transport.violation") codes.push(String(fields["code"]));
    if (name === "transport.shown_out") codes.push(String(fields["reason"]));
  };
  if (place === "on real sockets") {
    const parts = { trace: { enabled: true, emit: note } };
    const machines: Machines = {
      home: nodeProviders({}, parts),
      honest: nodeProviders(),
      attacker: nodeProviders(),
      address: "127.0.0.1:0",
      attackerAddress: "127.0.0.1:0",
    };
    return stage(machines, { options, codes, main });
  }
  const world = new SimWorld({ seed: options.seed ?? 1 });
  world.trace.listen(({ name, fields }) => note(name, fields));
  await world.run(async () => {
    const machines: Machines = {
      home: world.providers(serverIp),
      honest: world.providers("10.0.1.2"),
      attacker: world.providers("10.0.6.6"),
      address: `${serverIp}:4500`,
      attackerAddress: "10.0.6.6:1",
    };
    await stage(machines, { options, codes, main });
  });
}

interface Machines {
  readonly home: Providers;
  readonly honest: Providers;
  readonly attacker: Providers;
  /** Where the server listens. */
  readonly address: string;
  readonly attackerAddress: string;
}

async function stage(
  { home, honest, address, ...theirs }: Machines,
  play: {
    readonly options: ArenaOptions;
    readonly codes: string[];
    main(arena: Arena): Promise<void>;
  },
): Promise<void> {
  const { options, codes } = play;
  const { receive = (got) => got.send(got.request) } = options;
  await using server = await NetTransport.listen(home, address, options.server);
  server.register(echoToken, { receive });
  await using client = NetTransport.client(honest);
  const echo = server.endpoint(echoToken);
  await play.main({
    ...{ server, client, echo, codes, ...theirs },
    attack: (...chunks) => attack(theirs.attacker, echo, chunks),
    until: (holds) => until(server, holds),
  });
}

async function attack(
  { network }: Providers,
  { address }: Endpoint,
  chunks: readonly Uint8Array[],
): Promise<Connection> {
  const connection = await network.connect(address);
  if (chunks.length > 0) await connection.write(chunks);
  return connection;
}

async function until(
  server: NetTransport,
  holds: (metrics: TransportMetrics) => boolean,
): Promise<void> {
  const { time } = server.providers;
  const endMs = time.now() + 10_000;
  while (!holds(server.metrics())) {
    if (time.now() > endMs)
      throw new Error(`not so: ${JSON.stringify(server.metrics())}`);
    await time.sleep(1);
  }
}

/** The handshake of a stranger that is as good as any. */
export const greeting: Uint8Array = frameOf(
  encodeHandshake({
    payloadSizeMax: 1_000_000,
    incarnation: 666n,
    address: undefined,
  }),
);

/** Read until the other side ends or breaks the connection, and say which. */
export async function fate(
  connection: Connection,
): Promise<"ended" | "broken"> {
  try {
    while ((await connection.read()) !== undefined);
    return "ended";
  } catch {
    // Whatever the reason, the connection is no more.
    return "broken";
  }
}

/** Send the same bytes again and again until the connection is gone. Answers how many times. */
export async function flood(
  connection: Connection,
  bytes: Uint8Array,
  countMax: number,
): Promise<number> {
  for (let count = 0; count < countMax; count += 1) {
    try {
      await connection.write(bytes);
    } catch {
      // Shown out.
      return count;
    }
  }
  return countMax;
}

/** The honest client is answered as if nothing were the matter, on the connection that it had. */
export async function goesOn({ client, echo }: Arena): Promise<boolean> {
  const [answer] = await client.getReply(echo, bytes(9));
  const { connectionsLost } = client.peer(echo.address).metrics();
  return answer === 9 && connectionsLost === 0;
}
