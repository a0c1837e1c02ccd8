/** Whatever a handler throws, its caller is answered, and the server goes on. */
import test from "ava";

import { RpcError, type ServeOptions } from "../../src/rpc/index.ts";
import { atDesk, type Desk, type NotesHandler } from "./notes.ts";
import { outcomeOf } from "./streams.ts";

/** Something that has no text of its own. */
const unprintable = {
  toString(): string {
    throw new Error("no text");
  },
};

const unwritable = new RpcError("not_found", "which one?", {
  details: [
    { typeName: "test.Odd", value: "no bytes" as unknown as Uint8Array },
  ],
});

const cases: readonly [string, unknown, string][] = [
  ["an object without a prototype", Object.create(null), "internal answered"],
  ["an object without a text", unprintable, "internal answered"],
  ["a symbol", Symbol("odd"), "internal answered"],
  ["nothing", undefined, "internal answered"],
  [
    "an error whose details cannot be written",
    unwritable,
    "not_found answered",
  ],
];

for (const [name, thrown, expected] of cases)
  for (const exposeErrors of [false, true])
    test.serial(
      `a handler that throws ${name} is answered for, exposeErrors being ${exposeErrors}`,
      async (t) => {
        const problems: unknown[] = [];
        const options: ServeOptions = {
          exposeErrors,
          onError: (problem) => problems.push(problem),
        };
        const handler: Partial<NotesHandler> = {
          write: async () => {
            throw thrown;
          },
          read: () => {
            throw thrown;
          },
        };
        // With a trace, which tells the text of each error.
        const desk = { handler, serve: options, traceRecentMax: 100 };
        await atDesk(desk, async ({ notes }) => {
          t.is(await outcomeOf(notes.write({})), expected);
          t.is(await outcomeOf(notes.read({})), expected);
          t.is(problems.length, 2);
        });
      },
    );

test.serial(
  "a log that fails later takes nobody with it, as one that fails at once",
  async (t) => {
    const handler: Partial<NotesHandler> = {
      write: () => {
        throw new Error("a mistake");
      },
    };
    const onError = (): unknown => Promise.reject(new Error("no room"));
    await atDesk({ handler, serve: { onError } }, async ({ notes, sleep }) => {
      t.is(await outcomeOf(notes.write({})), "internal answered");
      await sleep(100);
      t.is(await outcomeOf(notes.read({})), "0");
    });
  },
);

test.serial(
  "an answer to a caller that is gone is no answer that is too large",
  async (t) => {
    const problems: unknown[] = [];
    const held = {} as { desk: Desk };
    const handler: Partial<NotesHandler> = {
      write: async () => {
        await held.desk.sleep(500);
        return { cents: 1n };
      },
    };
    const onError = (problem: unknown): unknown => problems.push(problem);
    await atDesk({ handler, serve: { onError } }, async (desk) => {
      held.desk = desk;
      const call = outcomeOf(desk.notes.write({}));
      await desk.sleep(100);
      desk.world.network.circuits[0]?.client.reset();
      t.is(await call, "unavailable maybe");
      await desk.sleep(1_000);
      t.deepEqual(problems, []);
      t.is(desk.server.metrics().repliesDropped, 1);
    });
  },
);
