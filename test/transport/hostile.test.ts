import test from "ava";

import type { Connection } from "../../src/core/index.ts";
import { type ReplyPromise } from "../../src/transport/index.ts";
import { encodeHandshake, FrameWriter } from "../../src/wire/index.ts";
import { frameOf, noise } from "../wire/frames.ts";
import {
  bytes,
  echo,
  echoToken,
  inTank,
  serverAddress,
  type Tank,
} from "./tank.ts";

const attackerIp = "10.0.6.6";
const greeting = frameOf(
  encodeHandshake({
    payloadSizeMax: 1_000_000,
    incarnation: 666n,
    address: undefined,
  }),
);

/** Read until the other side ends or breaks the connection, and say which. */
async function fate(connection: Connection): Promise<"ended" | "broken"> {
  try {
    while ((await connection.read()) !== undefined);
    return "ended";
  } catch {
    // Whatever the reason, the connection is no more.
    return "broken";
  }
}

/** Connect as a stranger, and send these bytes. */
async function attack(
  tank: Tank,
  ...chunks: Uint8Array[]
): Promise<Connection> {
  const connection = await tank.world
    .providers(attackerIp)
    .network.connect(serverAddress);
  if (chunks.length > 0) await connection.write(chunks);
  return connection;
}

const damaged = frameOf(noise(50), echoToken);
damaged[40] = (damaged[40] as number) ^ 1;

/** A payload with that kind, and nothing else of sense. */
const ofKind = (kind: number, size: number): Uint8Array =>
  frameOf(Uint8Array.of(kind, ...noise(size)), echoToken);

const attacks: [what: string, ...chunks: Uint8Array[]][] = [
  [
    "another protocol",
    new TextEncoder().encode("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
  ],
  ["a first frame that is no handshake", frameOf(noise(30))],
  ["a handshake that is too large", frameOf(noise(600))],
  ["a length below the header", bytes(3, 0, 0, 0)],
  ["a length of four gigabytes", bytes(255, 255, 255, 255)],
  ["a damaged frame", greeting, damaged],
  ["a frame above the limit", greeting, bytes(0, 0, 255, 0)],
  ["a frame without a message", greeting, frameOf(bytes(), echoToken)],
  ["an unknown kind of message", greeting, ofKind(200, 40)],
  [
    "a request that is cut short",
    greeting,
    frameOf(bytes(1, 0, 0, 0, 0), echoToken),
  ],
  [
    "a request whose extra is longer than itself",
    greeting,
    frameOf(bytes(1, 0, 255, 255, ...noise(60)), echoToken),
  ],
  ["a reply that is cut short", greeting, frameOf(bytes(3, 0), echoToken)],
];
for (const [what, ...chunks] of attacks) {
  test.serial(`${what} ends that connection, and nothing else`, async (t) => {
    await inTank({}, async (tank) => {
      const { client, server } = tank;
      t.deepEqual(await client.getReply(echo, bytes(1)), bytes(1));
      const attacker = await attack(tank, ...chunks);
      t.is(await fate(attacker), "broken");
      t.is(server.metrics().violations, 1);
      t.is(server.metrics().connectionCount, 1);
      t.deepEqual(await client.tryGetReply(echo, bytes(2)), bytes(2));
      t.is(client.peer(serverAddress).metrics().connectionsLost, 0);
    });
  });
}

test.serial("a stranger that says nothing is shown out in time", async (t) => {
  await inTank({ server: { handshakeTimeoutMs: 300 } }, async (tank) => {
    const before = tank.world.nowMs;
    const stranger = await attack(tank);
    t.is(await fate(stranger), "broken");
    t.true(tank.world.nowMs - before < 500);
    t.is(tank.server.metrics().connectionCount, 0);
    t.is(tank.server.metrics().violations, 0);
  });
});

test.serial(
  "a stranger that sends its handshake byte by byte is shown out in time",
  async (t) => {
    await inTank({ server: { handshakeTimeoutMs: 300 } }, async (tank) => {
      const stranger = await attack(tank);
      const drip = (async () => {
        for (const byte of greeting) {
          await stranger.write(bytes(byte));
          await tank.sleep(100);
        }
      })().catch(() => "refused");
      t.is(await fate(stranger), "broken");
      t.is(await drip, "refused");
    });
  },
);

test.serial(
  "a reply that somebody else makes up is counted, and believed by nobody",
  async (t) => {
    const receive = (promise: ReplyPromise): void => {
      kept = promise;
    };
    let kept: ReplyPromise | undefined;
    await inTank({ receive }, async (tank) => {
      const reply = tank.client.getReply(echo, bytes(1));
      await tank.sleep(100);
      // The attacker knows the token, as an earlier server may, but has another connection.
      const listening = await tank.world
        .providers(attackerIp)
        .network.bind(`${attackerIp}:1`);
      const visit = tank.client.tryGetReply(
        { address: listening.address, token: echoToken } as typeof echo,
        bytes(),
      );
      const connection = await listening.accept();
      const writer = new FrameWriter();
      const at = writer.begin(kept as ReplyPromise, 4, bytes(66));
      writer.buffer.set([3, 0, 0, 0], at);
      writer.finish();
      await connection.write([greeting, ...writer.take()]);
      await tank.sleep(100);
      t.is(tank.client.metrics().repliesUnexpected, 1);
      kept?.send(bytes(7));
      t.deepEqual(await reply, bytes(7));
      connection.reset();
      await t.throwsAsync(visit);
      await listening.close();
    });
  },
);

test.serial(
  "random bytes never do more than end their connection",
  async (t) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      await inTank({ seed }, async (tank) => {
        const random = tank.world.random("attacker");
        for (let round = 0; round < 5; round += 1) {
          const good = [greeting, frameOf(random.bytes(100), echoToken)];
          const bad = new Uint8Array(good.flatMap((chunk) => [...chunk]));
          for (let flips = random.below(4); flips >= 0; flips -= 1)
            bad[random.below(bad.length)] = random.below(256);
          const attacker = await attack(tank, bad);
          await tank.sleep(10);
          attacker.reset();
          t.deepEqual(
            await tank.client.getReply(echo, bytes(round)),
            bytes(round),
          );
        }
        await tank.sleep(10);
        t.is(tank.server.metrics().connectionCount, 1);
      });
    }
  },
);
