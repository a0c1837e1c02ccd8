/** `NetNotifiedQueue` by its contract, in a simulated world. */
import test from "ava";

import {
  NetNotifiedQueue,
  type NetTransport,
} from "../../src/transport/index.ts";
import { bytes, failure, inTank } from "./tank.ts";

/** Numbers of one byte; anything else is none. */
function queueOf(
  transport: NetTransport,
  queueLengthMax = 10,
): NetNotifiedQueue<number> {
  const decode = (from: Uint8Array): number => {
    if (from.length !== 1) throw new RangeError("one byte is a number");
    return from[0] as number;
  };
  return new NetNotifiedQueue(transport, { decode, queueLengthMax });
}

test.serial(
  "NetNotifiedQueue hands out values in the order in which they came, whether they were waited for or not",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const queue = queueOf(server);
      const [first, second] = [queue.next(), queue.next()];
      for (const value of [1, 2, 3, 4])
        client.send(queue.endpoint, bytes(value));
      t.deepEqual([await first, await second], [1, 2]);
      await sleep(100);
      t.is(queue.size, 2);
      t.deepEqual([queue.tryNext(), await queue.next()], [3, 4]);
      t.is(queue.tryNext(), undefined);
    });
  },
);

test.serial(
  "NetNotifiedQueue answers when a value is taken, and refuses what it cannot decode or keep",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const queue = queueOf(server, 1);
      const ask = (...body: number[]): Promise<[string, string]> =>
        failure(client.tryGetReply(queue.endpoint, bytes(...body)));
      const taken = ask(1);
      t.deepEqual(await ask(1, 2), ["serialization", "answered"]);
      t.deepEqual(await ask(3), ["overloaded", "answered"]);
      t.is(queue.undecodedCount, 1);
      await sleep(100);
      t.is(client.metrics().callCount, 1, "it is not answered yet");
      t.is(queue.tryNext(), 1);
      t.deepEqual(await taken, ["none", "none"]);
      const next = queue.next();
      client.send(queue.endpoint, bytes(4));
      t.is(await next, 4, "it goes on");
    });
  },
);

test.serial(
  "NetNotifiedQueue that is closed takes no more, and gives out what it has",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const queue = queueOf(server);
      client.send(queue.endpoint, bytes(1));
      await sleep(100);
      queue.close();
      t.deepEqual(await failure(client.tryGetReply(queue.endpoint, bytes(2))), [
        "endpoint_not_found",
        "answered",
      ]);
      t.is(await queue.next(), 1);
      t.is(await queue.next(), undefined);
      const again = new NetNotifiedQueue(server, {
        decode: (from) => from.length,
        token: queue.token,
      });
      t.is(again.size, 0, "its token is free");
    });
  },
);

test.serial(
  "NetNotifiedQueue that is disposed of breaks the promises of what it has, and ends every wait and loop",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const [full, empty] = [queueOf(server), queueOf(server)];
      const lost = failure(client.tryGetReply(full.endpoint, bytes(1)));
      const seen: number[] = [];
      const loop = (async () => {
        for await (const value of empty) seen.push(value);
      })();
      client.send(empty.endpoint, bytes(7));
      await sleep(100);
      full[Symbol.dispose]();
      empty[Symbol.dispose]();
      t.deepEqual(await lost, ["broken_promise", "maybe"]);
      await loop;
      t.deepEqual(seen, [7]);
      t.is(await full.next(), undefined);
    });
  },
);

test.serial(
  "NetNotifiedQueue forgets whoever gives up waiting, and the next one has the value",
  async (t) => {
    await inTank({}, async ({ client, server }) => {
      const queue = queueOf(server);
      const patience = new AbortController();
      const reason = new Error("no patience");
      const impatient = t.throwsAsync(queue.next({ signal: patience.signal }));
      const patient = queue.next();
      patience.abort(reason);
      t.is(await impatient, reason);
      client.send(queue.endpoint, bytes(5));
      t.is(await patient, 5);
      await t.throwsAsync(queue.next({ signal: patience.signal }), {
        is: reason,
      });
    });
  },
);
