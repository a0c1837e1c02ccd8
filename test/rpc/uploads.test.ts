/** A stream of requests that comes to no good end: its handler must not take a part for the whole. */
import test from "ava";

import { isRpcError } from "../../src/rpc/index.ts";
import { inStudio, names, outcomeOf, type Studio } from "./streams.ts";

/** How an upload of six ends early, and what its handler is told. */
const ways: readonly [
  string,
  { readonly timeoutMs?: number },
  (studio: Studio, giveUp: AbortController) => unknown,
  string,
][] = [
  [
    "is given up",
    {},
    (_, giveUp) => giveUp.abort(),
    "cancelled after 3, cancelled maybe",
  ],
  [
    "loses its connection",
    {},
    ({ world }) => world.network.circuits[0]?.client.reset(),
    "cancelled after 3, unavailable maybe",
  ],
  [
    "is out of time",
    { timeoutMs: 250 },
    () => undefined,
    "cancelled after 3, deadline_exceeded maybe",
  ],
  [
    "is cut off by a server that stops",
    {},
    ({ handle }) => handle.stop(),
    "unavailable after 3, unavailable maybe",
  ],
];

for (const [name, { timeoutMs }, end, expected] of ways)
  test.serial(
    `an upload that ${name} does not look whole to its handler, even if all of it had arrived`,
    async (t) => {
      const seen: string[] = [];
      const held = {} as { studio: Studio };
      const record = async (
        requests: AsyncIterable<unknown>,
      ): Promise<{ cents: bigint }> => {
        let count = 0;
        try {
          for await (const _ of requests) {
            count += 1;
            await held.studio.sleep(100);
          }
          seen.push(`whole after ${count}`);
        } catch (error) {
          seen.push(`${isRpcError(error) ? error.code : "?"} after ${count}`);
          throw error;
        }
        return { cents: 0n };
      };
      await inStudio({ handler: { record } }, async (studio) => {
        held.studio = studio;
        const giveUp = new AbortController();
        const options = { timeoutMs, signal: giveUp.signal };
        const upload = studio.tapes.record(names(1, 2, 3, 4, 5, 6), options);
        const call = outcomeOf(upload);
        await studio.sleep(250);
        end(studio, giveUp);
        const how = await call;
        await studio.sleep(200);
        t.is(`${seen.join()}, ${how}`, expected);
      });
    },
  );

test.serial(
  "an upload with a request that cannot be written may have begun with those before",
  async (t) => {
    let count = 0;
    const record = async (
      requests: AsyncIterable<unknown>,
    ): Promise<{ cents: bigint }> => {
      for await (const _ of requests) count += 1;
      return { cents: 0n };
    };
    await inStudio({ handler: { record } }, async ({ tapes, sleep }) => {
      const uploads = async function* (): AsyncGenerator<{ account: string }> {
        yield { account: "a" };
        await sleep(100);
        yield null as unknown as { account: string };
      };
      t.is(await outcomeOf(tapes.record(uploads())), "invalid_argument maybe");
      t.is(count, 1);
    });
  },
);
