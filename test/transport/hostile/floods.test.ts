/** Peers that send too much, or take too little: what they make us hold is bounded, and the others go on. */
import test from "ava";

import { concatBytes } from "../../../src/base/bytes.ts";
import { UID } from "../../../src/core/index.ts";
import { frameOf, noise } from "../../wire/frames.ts";
import { bytes, echoToken } from "../tank.ts";
import { fate, flood, goesOn, greeting, inArena, places } from "./arena.ts";
import { reply, request, requests } from "./messages.ts";

for (const place of places) {
  test.serial(
    `a flood of connections ${place} is refused from the limit on, and those who are connected go on`,
    async (t) => {
      const server = { connectionCountMax: 20, handshakeTimeoutMs: 200 };
      await inArena(place, { server }, async (arena) => {
        t.true(await goesOn(arena));
        const strangers = await Promise.all(
          Array.from({ length: 60 }, () => arena.attack()),
        );
        const fates = strangers.map(fate);
        await arena.until(({ connectionsRefused, connectionCount }) => {
          t.true(connectionCount <= 20);
          return connectionsRefused > 0;
        });
        t.true(await goesOn(arena));
        // They never say who they are, so their places are free again.
        for (const seen of await Promise.all(fates)) t.is(seen, "broken");
        await arena.until(({ connectionCount }) => connectionCount === 1);
        const { connectionsRefused, handshakesTimedOut } =
          arena.server.metrics();
        t.is(connectionsRefused + handshakesTimedOut, 60);
        // A busy machine may let one in when another's time is up; simulated machines are never busy.
        if (place === "in simulation") t.is(handshakesTimedOut, 19);
        t.is(arena.server.metrics().unfinishedBytes, 0);
        const late = await arena.attack(greeting, request(1, 3));
        t.true(((await late.read()) ?? []).length > 0);
        late.reset();
      });
    },
  );

  test.serial(
    `a handshake byte by byte ${place} ends in time, however steadily they come`,
    async (t) => {
      const server = { handshakeTimeoutMs: 150 };
      await inArena(place, { server }, async (arena) => {
        t.true(await goesOn(arena));
        const slow = await arena.attack();
        const fated = fate(slow);
        const { time } = arena.attacker;
        const drip = (async (): Promise<number> => {
          for (const [index, byte] of greeting.entries()) {
            if ((await flood(slow, bytes(byte), 1)) === 0) return index;
            await time.sleep(20);
          }
          return greeting.length;
        })();
        t.is(await fated, "broken");
        t.true((await drip) < greeting.length);
        const { handshakesTimedOut, connectionCount } = arena.server.metrics();
        t.deepEqual([handshakesTimedOut, connectionCount], [1, 1]);
        t.true(await goesOn(arena));
      });
    },
  );

  test.serial(
    `a flood of requests ${place} is answered with overloaded beyond the limit, and others have limits of their own`,
    async (t) => {
      const server = { requestCountMax: 50 };
      let kept = 0;
      await inArena(
        place,
        {
          server,
          // Requests with a body of one byte are honest; the others are never answered.
          receive: (got) => {
            if (got.request.length === 1) got.send(got.request);
            else kept += 1;
          },
        },
        async (arena) => {
          t.true(await goesOn(arena));
          const stranger = await arena.attack(greeting, requests(500));
          await arena.until(({ requestsRefused }) => requestsRefused === 450);
          t.is(kept, 50);
          t.is(arena.server.metrics().owedCount, 50);
          t.true(await goesOn(arena));
          stranger.reset();
          await arena.until(({ connectionCount }) => connectionCount === 1);
          t.is(arena.server.metrics().owedCount, 0);
        },
      );
    },
  );

  for (const [what, bodySize, token] of [
    ["with large replies", 5_000, echoToken],
    ["with empty replies", 0, echoToken],
    ["to nobody", 0, new UID(9, 9, 9, 9)],
  ] as const) {
    test.serial(
      `endless requests ${what} whose replies nobody reads end the connection ${place}`,
      async (t) => {
        const server = { replyBytesMax: 200_000 };
        await inArena(place, { server }, async (arena) => {
          t.true(await goesOn(arena));
          const stranger = await arena.attack(greeting);
          const batch = requests(200, bodySize);
          const chunk = token === echoToken ? batch : toNobody(200);
          const sent = await flood(stranger, chunk, 50_000);
          t.true(sent < 50_000, "the flood was never stopped");
          await arena.until(({ repliesUnread }) => repliesUnread === 1);
          const { connectionCount, replyBytes } = arena.server.metrics();
          t.deepEqual([connectionCount, replyBytes], [1, 0]);
          t.true(await goesOn(arena));
        });
      },
    );
  }

  test.serial(
    `replies to nobody and forged reply tokens ${place} are counted, and believed by nobody`,
    async (t) => {
      await inArena(place, {}, async (arena) => {
        t.true(await goesOn(arena));
        const forged = Array.from({ length: 1_000 }, (_, slot) =>
          reply(new UID(slot, 0, 0, slot % 7)),
        );
        const stranger = await arena.attack(greeting, ...forged);
        await arena.until(
          ({ repliesUnexpected }) => repliesUnexpected === 1_000,
        );
        t.true(await goesOn(arena));
        const { callCount, violations } = arena.server.metrics();
        t.deepEqual([callCount, violations], [0, 0]);
        stranger.reset();
      });
    },
  );

  test.serial(
    `a frame that is begun and never finished ${place} holds no more than was sent of it`,
    async (t) => {
      await inArena(place, {}, async (arena) => {
        t.true(await goesOn(arena));
        const large = frameOf(noise(1_000_000), echoToken);
        const stranger = await arena.attack(greeting, large.slice(0, 10_000));
        await arena.until(({ unfinishedBytes }) => unfinishedBytes === 10_000);
        t.true(await goesOn(arena));
        stranger.reset();
        await arena.until(({ unfinishedBytes }) => unfinishedBytes === 0);
      });
    },
  );
}

function toNobody(count: number): Uint8Array {
  const head = Uint8Array.of(1, ...new Uint8Array(23));
  const frame = frameOf(head, new UID(9, 9, 9, 9));
  return concatBytes(Array.from({ length: count }, () => frame));
}
