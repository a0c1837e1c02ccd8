import test from "ava";

import { NetTransport } from "../../src/transport/index.ts";
import { bytes, echoToken, inPair } from "./tank.ts";

test.serial(
  "two processes that call each other share one connection",
  async (t) => {
    await inPair({}, async ({ left, right, toLeft, toRight }) => {
      await left.tryGetReply(toRight, bytes(1));
      await right.tryGetReply(toLeft, bytes(2));
      for (const side of [left, right])
        t.is(side.metrics().connectionCount, 1, side.address?.key);
      const { connectAttempts, connectionsAdopted } = right
        .peer(toLeft.address)
        .metrics();
      t.deepEqual(
        { connectAttempts, connectionsAdopted },
        { connectAttempts: 0, connectionsAdopted: 1 },
      );
    });
  },
);

test.serial(
  "two processes that call each other at once keep the connection that the lower address made",
  async (t) => {
    await inPair({}, async ({ world, left, right, toLeft, toRight }) => {
      const both = [
        left.tryGetReply(toRight, bytes(1)),
        right.tryGetReply(toLeft, bytes(2)),
      ];
      t.deepEqual(await Promise.all(both), [bytes(1), bytes(2)]);
      await world.time.sleep(3_000);
      for (const side of [left, right])
        t.is(side.metrics().connectionCount, 1, side.address?.key);
      const [circuit] = world.network.circuits;
      t.is(circuit?.client.local.ip, "10.0.1.1");
      await right.tryGetReply(toLeft, bytes(3));
      await left.tryGetReply(toRight, bytes(3));
      t.is(world.network.circuits.length, 1);
    });
  },
);

test.serial(
  "a connect that the other side's forestalls is given up, wherever it has got to",
  async (t) => {
    // Whoever is adopted by the higher address may find it dialing, or in the midst of the greeting.
    for (let lateMs = 0; lateMs < 5; lateMs += 0.25) {
      await inPair({}, async ({ world, left, right, toLeft, toRight }) => {
        const first = left.tryGetReply(toRight, bytes(1));
        await world.time.sleep(lateMs);
        const second = right.tryGetReply(toLeft, bytes(2));
        t.deepEqual(await Promise.all([first, second]), [bytes(1), bytes(2)]);
        await world.time.sleep(3_000);
        t.is(world.network.circuits.length, 1, `${lateMs} ms`);
      });
    }
  },
);

test.serial(
  "the survivor serves both until it breaks, and then either makes a new one",
  async (t) => {
    await inPair({}, async ({ world, left, right, toLeft, toRight }) => {
      await left.tryGetReply(toRight, bytes(1));
      await right.tryGetReply(toLeft, bytes(2));
      for (const circuit of world.network.circuits) circuit.client.reset();
      await world.time.sleep(1_000);
      t.deepEqual(await right.getReply(toLeft, bytes(3)), bytes(3));
      t.deepEqual(await left.getReply(toRight, bytes(4)), bytes(4));
      t.is(world.network.circuits.length, 1);
    });
  },
);

test.serial(
  "a stranger that claims another machine's address gets none of its messages",
  async (t) => {
    await inPair({}, async ({ world, left, right, toRight }) => {
      const liar = NetTransport.client(world.providers("10.0.9.9"), {
        advertisedAddress: toRight.address.key,
      });
      const stolen: Uint8Array[] = [];
      liar.register(echoToken, {
        receive: (promise) => {
          stolen.push(promise.request);
          promise.send(bytes(0));
        },
      });
      await liar.tryGetReply(left.endpoint(echoToken), bytes(1));
      t.deepEqual(await left.tryGetReply(toRight, bytes(7)), bytes(7));
      t.is(right.metrics().dispatched, 1);
      t.deepEqual(stolen, []);
      await liar.close();
    });
  },
);
