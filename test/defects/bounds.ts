/** What those can make a process hold who come and go, or who do not finish. */
import { Endpoint, NetworkAddress } from "../../src/core/index.ts";
import { greeting } from "../transport/hostile/arena.ts";
import {
  bytes,
  echo,
  echoToken,
  inTank,
  serverAddress,
} from "../transport/tank.ts";
import { frameOf } from "../wire/frames.ts";
import type { Defect } from "./defect.ts";

export const boundDefects: readonly Defect[] = [
  {
    holds: "addresses that come and go leave nothing behind",
    numbers: ["transport 6"],
    check: async (t) => {
      const client = { peer: { forgetAfterMs: 1_000, idleTimeoutMs: 100 } };
      await inTank({ client }, async ({ client: transport, sleep }) => {
        await transport.getReply(echo, bytes(1));
        transport.send(
          new Endpoint(NetworkAddress.parse("10.9.9.9:1"), echoToken),
          bytes(1),
        );
        await sleep(3_000);
        const { peerCount } = transport.metrics();
        t.deepEqual([peerCount, transport.failureMonitor.size], [0, 0]);
      });
    },
    mutants: [
      {
        file: "transport/peer-book",
        from: "this.#peers.delete(url);",
        to: "",
      },
      {
        file: "transport/failure-monitor",
        from: "this.#records.delete(key);",
        to: "",
      },
    ],
  },
  {
    holds:
      "frames that are begun and never finished are bounded in time and size",
    numbers: ["transport 10"],
    check: async (t) => {
      const server = {
        payloadSizeMax: 1_000,
        unfinishedBytesMax: 1_500,
        frameTimeoutMs: 1_000,
      };
      await inTank({ server }, async ({ world, server: transport, sleep }) => {
        const { network } = world.providers("10.0.6.6");
        const begun = frameOf(new Uint8Array(1_000), echoToken).slice(0, 800);
        for (let count = 0; count < 2; count += 1) {
          const stranger = await network.connect(serverAddress);
          await stranger.write([greeting, begun]);
          await sleep(100);
        }
        t.is(transport.metrics().framesCrowdedOut, 1);
        t.is(transport.metrics().unfinishedBytes, 800);
        await sleep(1_000);
        t.is(transport.metrics().framesTimedOut, 1);
        t.is(transport.metrics().unfinishedBytes, 0);
      });
    },
    mutants: [
      {
        file: "transport/unfinished-frames",
        from: "holder.frameCrowdedOut();",
        to: "",
      },
      {
        file: "transport/unfinished-frames",
        from: "holder.frameTimedOut();",
        to: "",
      },
    ],
  },
];
