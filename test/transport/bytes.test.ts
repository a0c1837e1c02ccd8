/** What is no bytes is refused where it is given, and leaves nothing behind. */
import test from "ava";

import { StreamCall } from "../../src/transport/index.ts";
import { bytes, echo, inTank } from "./tank.ts";

const odd: readonly (readonly [unknown, string])[] = [
  [undefined, "undefined"],
  [null, "null"],
  ["text", '"text"'],
  [new ArrayBuffer(3), "an ArrayBuffer"],
  [[1, 2], "an array of 2"],
];

for (const [given, name] of odd) {
  const body = given as Uint8Array;

  test.serial(`${name} is no message and no request`, async (t) => {
    await inTank({}, async ({ client }) => {
      const ways: readonly [string, () => unknown][] = [
        ["a message", () => client.send(echo, body)],
        ["a request", () => client.tryGetReply(echo, body)],
        ["a request", () => client.getReply(echo, body)],
        ["a request", () => new StreamCall(client, { to: echo, body }, {})],
      ];
      for (const [what, way] of ways)
        t.throws(way, {
          instanceOf: TypeError,
          message: `${what} must be a Uint8Array, not ${name}`,
        });
      t.is(client.metrics().callCount, 0);
      t.deepEqual(await client.tryGetReply(echo, bytes(1)), bytes(1));
    });
  });

  test.serial(`${name} is no reply, and another one may follow`, async (t) => {
    const refusals: unknown[] = [];
    await inTank(
      {
        receive: (message) => {
          try {
            message.send(body);
          } catch (error) {
            refusals.push(error);
          }
          message.send(bytes(2));
        },
      },
      async ({ client, server }) => {
        t.deepEqual(await client.tryGetReply(echo, bytes(1)), bytes(2));
        t.is(server.metrics().owedCount, 0);
        t.regex(String(refusals), /^TypeError: a reply must be a Uint8Array/);
      },
    );
  });
}

test.serial("bytes of any kind will do", async (t) => {
  await inTank({}, async ({ client }) => {
    const buffer = Buffer.from([1, 2, 3]);
    const reply = await client.tryGetReply(echo, buffer);
    t.deepEqual([...reply], [1, 2, 3]);
  });
});
