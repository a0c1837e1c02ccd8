/** One that asks more than all others together: they are heard as before, and it is heard in the end. */
import test from "ava";

import { NetTransport } from "../../../src/transport/index.ts";
import { bytes } from "../tank.ts";
import { type Arena, fate, goesOn, greeting, inArena } from "./arena.ts";
import { requests } from "./messages.ts";

const place = "in simulation";

test.serial(
  "a flood of requests is read little by little while others call, and all of it when they have gone",
  async (t) => {
    let floodCount = 0;
    await inArena(
      place,
      {
        receive: (got) => {
          if (got.request.length === 0) floodCount += 1;
          got.send(got.request);
        },
      },
      async (arena) => {
        const { time } = arena.server.providers;
        const calling = callFor(arena, 150);
        const stranger = await arena.attack(greeting);
        const fated = fate(stranger);
        await time.sleep(30);
        const startMs = time.now();
        const writing = stranger.write(requests(20_000));
        await calling;
        const passedMs = time.now() - startMs;
        t.true(floodCount > 1_000, `${floodCount} of the flood`);
        t.true(
          floodCount <= 256 + 32 * passedMs,
          `${floodCount} of the flood in ${passedMs} ms`,
        );
        await writing;
        await arena.until(() => floodCount === 20_000);
        t.true(await goesOn(arena));
        stranger.reset();
        await fated;
      },
    );
  },
);

/** Eight honest clients, each with a few calls a millisecond, for so long. */
async function callFor(
  { client, echo, server }: Arena,
  ms: number,
): Promise<void> {
  const { time } = server.providers;
  const call = async (): Promise<void> => {
    await using one = NetTransport.client(client.providers);
    const calls: Promise<Uint8Array>[] = [];
    for (let passedMs = 0; passedMs < ms; passedMs += 1) {
      await time.sleep(1);
      for (let count = 0; count < 3; count += 1)
        calls.push(one.getReply(echo, bytes(1)));
    }
    await Promise.all(calls);
  };
  await Promise.all(Array.from({ length: 8 }, call));
}
