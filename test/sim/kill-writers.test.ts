/** Nobody waits for ever to write to those who will never read. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import { connect, ipA, pattern, watch, worldOf } from "./support.ts";

const network = { latencyMs: [2, 2], connectMs: [0, 0] } as const;

for (const closed of ["closed before it died", "simply died"]) {
  test.serial(
    `nobody waits for ever to write to a process that ${closed}`,
    async (t) => {
      const world = worldOf({ network });
      await world.run(async () => {
        const { client, server } = await connect(world);
        if (closed === "closed before it died") server.close();
        await world.time.sleep(10);
        world.kill(ipA);
        await world.time.sleep(10);
        const writing = client
          .write(pattern(1_000_000))
          .catch((error: unknown) => error);
        const told = watch(writing);
        await world.time.sleep(60_000);
        t.true(told.settled, "the writer was told");
        if (told.settled) t.true(isNetworkError(await writing, "reset"));
      });
    },
  );
}

for (const when of ["while it is on its way", "when it has arrived"]) {
  test.serial(
    `nobody waits for ever for room if the reader closes: bytes ${when}`,
    async (t) => {
      const world = worldOf({ network });
      await world.run(async () => {
        const { client, server } = await connect(world);
        const writing = watch(client.write(pattern(1_000_000)));
        if (when === "when it has arrived") await world.time.sleep(10);
        server.close();
        await world.time.sleep(60_000);
        t.true(writing.settled);
      });
    },
  );
}
