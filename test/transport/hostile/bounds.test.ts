/** Peers that are slow on purpose, or come in too great a number: they are shown out, each for a reason that is told. */
import test from "ava";

import { concatBytes } from "../../../src/base/bytes.ts";
import type { Connection } from "../../../src/core/index.ts";
import { frameOf, noise } from "../../wire/frames.ts";
import { bytes, echoToken } from "../tank.ts";
import {
  type Arena,
  fate,
  flood,
  goesOn,
  greeting,
  inArena,
  places,
} from "./arena.ts";
import { ping, reply, request, requests, streamFrame } from "./messages.ts";

for (const place of places) {
  test.serial(
    `a flood of pings ${place} ends the connection, and nothing else`,
    async (t) => {
      await inArena(place, {}, async (arena) => {
        t.true(await goesOn(arena));
        const stranger = await arena.attack(greeting);
        const batch = concatBytes(
          Array.from({ length: 500 }, (_, index) => [
            ping(4, index % 256),
            ping(5, index % 256),
          ]).flat(),
        );
        await flood(stranger, batch, 20);
        await shownOut(arena, "flooding", 1);
        const { floods, replyBytes, owedCount } = arena.server.metrics();
        t.deepEqual([floods, replyBytes, owedCount], [1, 0, 0]);
        t.true(await goesOn(arena));
      });
    },
  );

  test.serial(
    `as many pings in a second as are allowed ${place} do no harm`,
    async (t) => {
      const server = { pingsPerSecondMax: 50 };
      await inArena(place, { server }, async (arena) => {
        const stranger = await arena.attack(
          greeting,
          ...Array.from({ length: 50 }, (_, index) => ping(4, index)),
        );
        await arena.until(({ framesReceived }) => framesReceived === 50);
        t.is(arena.server.metrics().floods, 0);
        await stranger.write(
          Array.from({ length: 51 }, (_, index) => ping(4, index)),
        );
        await shownOut(arena, "flooding", 0);
        t.true(await goesOn(arena));
      });
    },
  );

  test.serial(
    `a flood of replies to nobody ${place} ends the connection`,
    async (t) => {
      const server = { uselessFramesPerSecondMax: 300 };
      await inArena(place, { server }, async (arena) => {
        t.true(await goesOn(arena));
        const forged = Array.from({ length: 900 }, () => reply(echoToken));
        const stranger = await arena.attack(greeting, ...forged);
        t.is(await fate(stranger), "broken");
        await shownOut(arena, "flooding", 1);
        t.is(arena.server.metrics().repliesUnexpected, 301);
        t.true(await goesOn(arena));
      });
    },
  );

  for (const [what, strays] of [
    ["replies to nobody", [reply(echoToken)]],
    ["cancellations of nothing", [streamFrame("cancel", 7)]],
    ["both in turn", [reply(echoToken), streamFrame("cancel", 7)]],
  ] as const) {
    test.serial(
      `a thousand ${what} ${place}, and two for each request, do no harm, however fast they come, and one more ends the connection`,
      async (t) => {
        // The bound by the second is far away.
        await inArena(place, {}, async (arena) => {
          const requestCount = 20;
          const strayMax = 1_000 + 2 * requestCount;
          const stranger = await arena.attack(
            greeting,
            requests(requestCount),
            ...Array.from(
              { length: strayMax },
              (_, index) => strays[index % strays.length] as Uint8Array,
            ),
          );
          const fated = fate(stranger);
          const all = requestCount + strayMax;
          await arena.until(({ framesReceived }) => framesReceived === all);
          t.is(arena.server.metrics().floods, 0);
          await stranger.write(strays[0]);
          t.is(await fated, "broken");
          await shownOut(arena, "flooding", 0);
          t.is(arena.server.metrics().floods, 1);
          t.true(await goesOn(arena));
        });
      },
    );
  }

  test.serial(
    `a frame byte by byte ${place} ends in time, however steadily they come`,
    async (t) => {
      const server = { frameTimeoutMs: 150 };
      await inArena(place, { server }, async (arena) => {
        t.true(await goesOn(arena));
        const frame = request(1, 500);
        const slow = await arena.attack(greeting, request(1));
        const fated = fate(slow);
        const { time } = arena.attacker;
        const drip = (async (): Promise<number> => {
          for (const [index, byte] of frame.entries()) {
            if ((await flood(slow, bytes(byte), 1)) === 0) return index;
            await time.sleep(20);
          }
          return frame.length;
        })();
        t.is(await fated, "broken");
        t.true((await drip) < frame.length);
        await shownOut(arena, "frame_timed_out", 1);
        const { framesTimedOut, unfinishedBytes } = arena.server.metrics();
        t.deepEqual([framesTimedOut, unfinishedBytes], [1, 0]);
        t.true(await goesOn(arena));
      });
    },
  );

  test.serial(
    `unfinished frames ${place} share one bound: whoever was waited for longest has to go, and honest frames come through`,
    async (t) => {
      const server = { payloadSizeMax: 100_000, unfinishedBytesMax: 250_000 };
      await inArena(place, { server }, async (arena) => {
        t.true(await goesOn(arena));
        const most = frameOf(noise(99_000), echoToken).slice(0, 80_000);
        const strangers: Connection[] = [];
        for (const held of [80_000, 160_000, 240_000]) {
          strangers.push(await arena.attack(greeting, most));
          await arena.until(({ unfinishedBytes }) => unfinishedBytes === held);
        }
        const fates = strangers.map(fate);
        const late = await arena.attack(greeting, most);
        t.is(await fates[0], "broken");
        await shownOut(arena, "frame_crowded_out", 4);
        t.is(arena.server.metrics().unfinishedBytes, 240_000);
        const { client, echo } = arena;
        const large = noise(90_000);
        t.deepEqual(await client.getReply(echo, large), large);
        t.true(await goesOn(arena));
        for (const stranger of [...strangers, late]) stranger.reset();
        await arena.until(({ connectionCount }) => connectionCount === 1);
        t.is(arena.server.metrics().unfinishedBytes, 0);
        await Promise.all(fates);
      });
    },
  );

  test.serial(
    `one machine ${place} may have so many connections and no more, until some of them end`,
    async (t) => {
      // On real sockets the honest client comes from the same machine.
      const others = place === "on real sockets" ? 1 : 0;
      const server = { connectionCountPerIpMax: 5 + others };
      await inArena(place, { server }, async (arena) => {
        t.true(await goesOn(arena));
        const strangers = await Promise.all(
          Array.from({ length: 8 }, () => arena.attack(greeting)),
        );
        await arena.until((now) => now.connectionsRefusedPerIp === 3);
        const { connectionsRefused, connectionCount } = arena.server.metrics();
        t.deepEqual([connectionsRefused, connectionCount], [3, 6]);
        t.true(await goesOn(arena));
        for (const stranger of strangers) stranger.reset();
        await arena.until((now) => now.connectionCount === 1);
        const again = await arena.attack(greeting, request(1, 3));
        t.true(((await again.read()) ?? []).length > 0);
        again.reset();
      });
    },
  );
}

/** Until the server has broken a connection: one, for that reason, and so many are left. */
async function shownOut(
  { server, until, codes }: Arena,
  reason: string,
  left: number,
): Promise<void> {
  await until(() => codes.length > 0);
  const seen = `${codes.join()}, ${server.metrics().connectionCount} left`;
  if (seen !== `${reason}, ${left} left`) throw new Error(seen);
}
