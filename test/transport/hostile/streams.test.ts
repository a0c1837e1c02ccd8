/** Peers that misuse streams: they lose their connection, or their stream, and the others go on. */
import test from "ava";

import { concatBytes } from "../../../src/base/bytes.ts";
import type { ReplyPromise } from "../../../src/transport/index.ts";
import { goesOn, greeting, inArena, places } from "./arena.ts";
import { request, sends, streamFrame, takes } from "./messages.ts";

/** Answers the honest, whose requests have a body, and keeps the streams of all others. */
function keeping(kept: ReplyPromise[]): (got: ReplyPromise) => void {
  return (got) => {
    if (got.request.length > 0) got.send(got.request);
    else kept.push(got);
  };
}

/** Frames that must end the connection that they come by. */
const misuses: readonly (readonly [string, () => Uint8Array[]])[] = [
  [
    "items beyond the window",
    () => [
      request(7, 0, sends),
      // An empty item takes 32 bytes of it.
      concatBytes(Array.from({ length: 2_100 }, () => streamFrame("item", 7))),
    ],
  ],
  [
    "an item after the end",
    () => [request(7, 0, sends), streamFrame("end", 7), streamFrame("item", 7)],
  ],
  [
    "an item of no stream",
    () => [request(7, 0, takes), streamFrame("item", 7)],
  ],
  [
    "a credit that nobody owes",
    () => [request(7, 0, sends), streamFrame("credit", 7, 1, 0, 0, 0)],
  ],
  [
    "a credit of nothing",
    () => [request(7, 0, takes), streamFrame("credit", 7, 0, 0, 0, 0)],
  ],
  [
    "credits without end",
    () => [request(7, 0, takes), streamFrame("credit", 7, 0, 0, 0, 0x40)],
  ],
  [
    "a credit cut short",
    () => [request(7, 0, takes), streamFrame("credit", 7)],
  ],
];

for (const place of places) {
  for (const [what, frames] of misuses) {
    test.serial(
      `${what} ${place}: the connection ends, and no other`,
      async (t) => {
        const kept: ReplyPromise[] = [];
        await inArena(place, { receive: keeping(kept) }, async (arena) => {
          t.true(await goesOn(arena));
          await arena.attack(greeting, ...frames());
          await arena.until(({ violations }) => violations === 1);
          t.deepEqual(arena.codes, ["bad_message"]);
          const { owedCount } = arena.server.metrics();
          t.is(owedCount, 0);
          t.is(kept.length, 1);
          // Nothing of it can be read, whether it had ended or not.
          const read = kept[0]!.items?.next().catch(() => undefined);
          t.is(await read, undefined);
          t.true(kept[0]!.output?.isOver ?? true);
          t.true(await goesOn(arena));
        });
      },
    );
  }

  test.serial(
    `more streams than the limit ${place} are answered with overloaded, and those within it stay open`,
    async (t) => {
      const kept: ReplyPromise[] = [];
      const options = {
        receive: keeping(kept),
        server: { streamCountMax: 20 },
      };
      await inArena(place, options, async (arena) => {
        const flood = Array.from({ length: 100 }, (_, slot) =>
          request(slot, 0, sends | takes),
        );
        const stranger = await arena.attack(greeting, concatBytes(flood));
        await arena.until(({ streamsRefused }) => streamsRefused === 80);
        t.is(kept.length, 20);
        // What is over makes room.
        kept[0]!.send(new Uint8Array(0));
        await stranger.write(request(200, 0, sends));
        await arena.until(() => kept.length === 21);
        t.true(await goesOn(arena));
        stranger.reset();
        await arena.until(({ owedCount }) => owedCount === 0);
      });
    },
  );

  test.serial(
    `frames for requests that are over, or never were, are counted ${place}`,
    async (t) => {
      await inArena(place, {}, async (arena) => {
        t.true(await goesOn(arena));
        const stranger = await arena.attack(
          greeting,
          streamFrame("cancel", 1),
          streamFrame("item", 2, 1, 2, 3),
          streamFrame("end", 3),
          streamFrame("credit", 4, 1, 0, 0, 0),
        );
        await arena.until(
          ({ itemsUnexpected, requestsCancelled }) =>
            itemsUnexpected === 3 && requestsCancelled === 1,
        );
        t.is(arena.server.metrics().violations, 0);
        t.true(await goesOn(arena));
        stranger.reset();
      });
    },
  );

  test.serial(
    `a stream that nobody reads ${place} waits for its reader, and holds no more than its window`,
    async (t) => {
      const kept: ReplyPromise[] = [];
      await inArena(place, { receive: keeping(kept) }, async (arena) => {
        const stranger = await arena.attack(greeting, request(7, 0, takes));
        await arena.until(() => kept.length === 1);
        const output = kept[0]!.output!;
        let sent = 0;
        for (; output.hasRoom; sent += 1) output.send(new Uint8Array(1_000));
        t.is(sent, Math.ceil(65_536 / 1_032));
        t.true(arena.server.metrics().replyBytes < 80_000);
        t.true(await goesOn(arena));
        stranger.reset();
        await output.whenRoom();
        t.true(output.isOver);
      });
    },
  );
}
