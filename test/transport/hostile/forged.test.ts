import test from "ava";

import { type ReplyPromise } from "../../../src/transport/index.ts";
import { FrameWriter } from "../../../src/wire/index.ts";
import { bytes, echo, echoToken, inTank } from "../tank.ts";
import { greeting } from "./arena.ts";

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
        .providers("10.0.6.6")
        .network.bind("10.0.6.6:1");
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
