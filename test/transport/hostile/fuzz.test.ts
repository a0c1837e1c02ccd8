/** Spoilt streams against a whole transport. */
import test from "ava";

import { concatBytes } from "../../../src/base/bytes.ts";
import { UID } from "../../../src/core/index.ts";
import { FuzzRandom, drawMutant, randomPieces } from "../../wire/fuzz.ts";
import { type Arena, goesOn, inArena, type Place, places } from "./arena.ts";

/** How many streams each place is worth: a real connection takes time. */
const counts: Readonly<Record<Place, number>> = {
  "in simulation": 1_200,
  "on real sockets": 400,
};

for (const place of places) {
  test.serial(
    `spoilt streams ${place} never do more than end their connection, for every reason there is`,
    async (t) => {
      await inArena(place, {}, async (arena) => {
        const random = new FuzzRandom(3);
        // Some of the messages find a receiver of their own.
        arena.server.register(new UID(1, 2, 3, 1), {
          receive: (got) => got.sendError("application"),
        });
        for (let index = 0; index < counts[place]; index += 1) {
          await spoil(arena, random);
          if (index % 10 === 0) t.true(await goesOn(arena));
        }
        t.true(await goesOn(arena));
        await arena.until(({ connectionCount }) => connectionCount === 1);
        const {
          violations,
          owedCount,
          replyBytes,
          unfinishedBytes,
          callCount,
        } = arena.server.metrics();
        t.deepEqual(
          [owedCount, replyBytes, unfinishedBytes, callCount],
          [0, 0, 0, 0],
        );
        t.is(violations, arena.codes.length);
        t.deepEqual([...new Set(arena.codes)].sort(), [
          "bad_handshake",
          "bad_magic",
          "bad_message",
          "checksum_mismatch",
          "invalid_length",
          "packet_too_large",
          "unsupported_version",
        ]);
      });
    },
  );
}

/** Send one spoilt stream, wait until it was read or its connection ended, and go. */
async function spoil(arena: Arena, random: FuzzRandom): Promise<void> {
  const stream = concatBytes(drawMutant(random).frames);
  const before = arena.server.metrics();
  const connection = await arena.attack();
  try {
    await connection.write([...randomPieces(stream, random)]);
  } catch {
    // Shown out before the end, as it should be.
  }
  await arena.until(
    ({ violations, bytesReceived }) =>
      violations > before.violations ||
      bytesReceived === before.bytesReceived + stream.length,
  );
  connection.reset();
}
