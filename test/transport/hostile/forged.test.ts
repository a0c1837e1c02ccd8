/** Replies that somebody makes up who knows the token of a call. */
import test from "ava";

import { Endpoint, UID } from "../../../src/core/index.ts";
import type {
  ReplyPromise,
  TransportMetrics,
} from "../../../src/transport/index.ts";
import { bytes, echoToken } from "../tank.ts";
import { greeting, inArena, places } from "./arena.ts";
import { reply } from "./messages.ts";

for (const place of places) {
  test.serial(
    `a reply that somebody else makes up ${place} is counted, and believed by nobody`,
    async (t) => {
      let kept: ReplyPromise | undefined;
      const receive = (promise: ReplyPromise): void => {
        kept = promise;
      };
      await inArena(place, { receive }, async (arena) => {
        const { client, echo, attacker } = arena;
        const answer = client.getReply(echo, bytes(1));
        await arena.until(({ dispatched }) => dispatched === 1);
        const { a, b, c, d } = kept as ReplyPromise;
        // The attacker knows the token, as an earlier server may, but has another connection.
        const listening = await attacker.network.bind(arena.attackerAddress);
        const visit = client.tryGetReply(
          new Endpoint(listening.address, echoToken),
          bytes(),
        );
        const connection = await listening.accept();
        await connection.write([greeting, reply(new UID(a, b, c, d))]);
        // Until it was counted; were it believed, one call less would wait.
        while (isUndecided(client.metrics())) await attacker.time.sleep(1);
        kept?.send(bytes(7));
        t.deepEqual(await answer, bytes(7));
        t.is(client.metrics().repliesUnexpected, 1);
        connection.reset();
        await t.throwsAsync(visit);
        await listening.close();
      });
    },
  );
}

function isUndecided(metrics: TransportMetrics): boolean {
  return metrics.repliesUnexpected === 0 && metrics.callCount === 2;
}
