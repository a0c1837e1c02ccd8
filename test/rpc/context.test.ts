/** What goes along with calls: cancellation, metadata, values, interceptors, and the call that one is made for. */
import test from "ava";

import {
  type CallOptions,
  type ClientInterceptor,
  type ClientOptions,
  contextKey,
  ContextValues,
  createClient,
  fanOut,
  type HandlerContext,
  type Metadata,
  RpcError,
  type ServerInterceptor,
} from "../../src/rpc/index.ts";
import {
  address,
  below,
  drain,
  endOf,
  inStudio,
  names,
  TapesRpc,
  type TapesClient,
} from "./streams.ts";

/** Answers when its caller gives up, and notes why. */
function waiting(
  seen: string[],
): (_: unknown, context: HandlerContext) => Promise<{ cents: bigint }> {
  return (_, { signal }) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        seen.push((signal.reason as RpcError).code);
        resolve({ cents: 1n });
      });
    });
}

test.serial(
  "a caller that gives up fires the handler's signal within a trip, and no answer is sent",
  async (t) => {
    const seen: string[] = [];
    await inStudio(
      { handler: { look: waiting(seen) } },
      async ({ tapes, client, server, sleep }) => {
        const controller = new AbortController();
        const call = tapes.look({}, { signal: controller.signal });
        await sleep(100);
        controller.abort(new Error("enough"));
        t.is(endOf(await t.throwsAsync(call)), "cancelled maybe");
        t.deepEqual(seen, []);
        await sleep(50);
        t.deepEqual(seen, ["cancelled"]);
        t.is(server.metrics().requestsCancelled, 1);
        t.is(client.metrics().repliesUnexpected, 0);
      },
    );
  },
);

test.serial(
  "a handler that asks for its signal late learns that its caller has gone",
  async (t) => {
    const seen: boolean[] = [];
    await inStudio(
      {
        handler: {
          look: async (_, context) => {
            await studioSleep(500);
            seen.push(context.signal.aborted);
            return {};
          },
        },
      },
      async ({ tapes, sleep }) => {
        studioSleep = sleep;
        const error = await t.throwsAsync(tapes.look({}, { timeoutMs: 100 }));
        t.is(endOf(error), "deadline_exceeded maybe");
        await sleep(1_000);
        t.deepEqual(seen, [true]);
      },
    );
  },
);

test.serial(
  "metadata goes with requests and replies of every kind",
  async (t) => {
    const answer = (context: HandlerContext): void => {
      for (const [name, value] of Object.entries(context.metadata))
        context.replyMetadata[`${name}-back`] = value.toUpperCase();
    };
    await inStudio(
      {
        handler: {
          look: (_, context) => (answer(context), {}),
          async *play(_, context) {
            answer(context);
            yield { cents: 1n };
          },
          record: async (requests, context) => {
            for await (const _ of requests);
            answer(context);
            return {};
          },
        },
      },
      async ({ tapes }) => {
        const seen: Metadata[] = [];
        const options: CallOptions = {
          metadata: { "x-user": "zoë", empty: "" },
          onReplyMetadata: (metadata) => seen.push(metadata),
        };
        await tapes.look({}, options);
        await drain(tapes.play({}, options));
        await tapes.record(names(1), options);
        const back = { "x-user-back": "ZOË", "empty-back": "" };
        t.deepEqual(seen, [back, back, back]);
      },
    );
  },
);

const noMetadata: readonly [unknown, RegExp][] = [
  [{ a: 5 }, /^metadata "a" must be a text, not 5$/],
  [{ a: undefined }, /^metadata "a" must be a text, not undefined$/],
  [{ a: ["1"] }, /^metadata "a" must be a text, not an array of 1$/],
  ["a=1", /^metadata must be an object of names and texts, not "a=1"$/],
  [["a"], /^metadata must be an object .*, not an array of 1$/],
  [new Map([["a", "1"]]), /^metadata must be an object .*, not a Map$/],
];

test.serial(
  "metadata with a bad name, or too much of it, or that is none, is refused before anything is sent",
  async (t) => {
    await inStudio({}, async ({ tapes, client }) => {
      t.throws(() => tapes.look({}, { metadata: { "Not So": "1" } }), {
        instanceOf: TypeError,
        message: /"Not So" is no name/,
      });
      t.throws(() => tapes.look({}, { metadata: { a: "b".repeat(20_000) } }), {
        instanceOf: RangeError,
        message: /20.* bytes/,
      });
      t.throws(() => tapes.look({}, { metadata: { ["__proto__x"]: "1" } }), {
        instanceOf: TypeError,
      });
      for (const [metadata, message] of noMetadata)
        t.throws(() => tapes.look({}, { metadata: metadata as Metadata }), {
          instanceOf: TypeError,
          message,
        });
      t.is(client.metrics().framesSent, 0);
    });
  },
);

test.serial(
  "a call made for another has no more time than that, and ends with it",
  async (t) => {
    const seen: string[] = [];
    const remaining: number[] = [];
    let inner: TapesClient | undefined;
    await inStudio(
      {
        handler: {
          look: async ({ account }, context) => {
            remaining.push(Math.round(context.timeRemainingMs()));
            if (account !== "") return waiting(seen)({}, context);
            return inner!.look({ account: "inner" }, { parent: context });
          },
        },
      },
      async ({ tapes, server, sleep }) => {
        inner = createClient(TapesRpc, server, "10.0.1.1:4500");
        const error = await t.throwsAsync(tapes.look({}, { timeoutMs: 400 }));
        t.is(endOf(error), "deadline_exceeded maybe");
        await sleep(100);
        t.is(remaining.length, 2);
        t.true(remaining[1]! <= remaining[0]! && remaining[0]! <= 400);
        const controller = new AbortController();
        const call = tapes.look({}, { signal: controller.signal });
        await sleep(100);
        controller.abort();
        await t.throwsAsync(call);
        await sleep(100);
        t.is(seen.length, 2);
        t.is(seen[1], "cancelled");
      },
    );
  },
);

test.serial(
  "interceptors of a client stand around calls of every kind, the first one outermost",
  async (t) => {
    const seen: string[] = [];
    const noting =
      (who: string): ClientInterceptor =>
      async (call, next) => {
        seen.push(`${who} ${call.name.slice(8)}`);
        const options = {
          ...call.options,
          metadata: { ...call.options.metadata, [who]: "was here" },
        };
        const response = await next({ ...call, options });
        seen.push(`${who} done`);
        return response;
      };
    const metadata: Metadata[] = [];
    await inStudio(
      {
        client: { interceptors: [noting("outer"), noting("inner")] },
        handler: {
          look: (_, context) => (metadata.push(context.metadata), {}),
        },
      },
      async ({ tapes }) => {
        await tapes.look({});
        t.deepEqual(seen.splice(0), [
          "outer Tapes.Look",
          "inner Tapes.Look",
          "inner done",
          "outer done",
        ]);
        t.deepEqual(metadata, [{ outer: "was here", inner: "was here" }]);
        t.deepEqual((await drain(tapes.play({ account: "3" }))).got, below(3));
        t.is((await tapes.record(names(2))).cents, 2n);
        t.deepEqual((await drain(tapes.dub(names(1, 2)))).got, [1, 2]);
        t.is(seen.length, 12);
      },
    );
  },
);

test.serial(
  "an interceptor may answer in place of the server, call again, and turn errors into others",
  async (t) => {
    let tries = 0;
    const again: ClientInterceptor = async (call, next) => {
      try {
        return await next(call);
      } catch {
        return next(call);
      }
    };
    await inStudio(
      {
        client: { interceptors: [again] },
        handler: {
          look: () => {
            tries += 1;
            if (tries < 2) throw new RpcError("aborted", "once more");
            return { cents: 7n };
          },
        },
      },
      async ({ tapes }) => {
        t.is((await tapes.look({})).cents, 7n);
        t.is(tries, 2);
      },
    );
  },
);

test.serial(
  "a stream with interceptors can be left while it waits for an item",
  async (t) => {
    await inStudio(
      {
        client: { interceptors: [(call, next) => next(call)] },
        handler: {
          async *play(_, { signal }) {
            yield { cents: 1n };
            await new Promise((resolve) => {
              signal.addEventListener("abort", resolve);
            });
          },
        },
      },
      async ({ tapes }) => {
        const stream = tapes.play({})[Symbol.asyncIterator]();
        t.is((await stream.next()).value?.cents, 1n);
        const waiting = t.throwsAsync(stream.next());
        await stream.return?.();
        t.is(endOf(await waiting), "cancelled maybe");
      },
    );
  },
);

test.serial(
  "interceptors of a server may refuse a call, and hand values to its handler",
  async (t) => {
    const userKey = contextKey<string>("user", "nobody");
    const users: string[] = [];
    const identify: ServerInterceptor = async (call, next) => {
      const { user } = call.context.metadata;
      if (user === undefined) throw new RpcError("unauthenticated", "who?");
      call.context.values.set(userKey, user);
      return next(call);
    };
    await inStudio(
      {
        serve: { interceptors: [identify] },
        handler: {
          look: (_, { values }) => (users.push(values.get(userKey)), {}),
          async *play(_, { values }) {
            users.push(values.get(userKey));
            yield {};
          },
        },
      },
      async ({ tapes }) => {
        const error = await t.throwsAsync(tapes.look({}));
        t.is(endOf(error), "unauthenticated answered");
        const refused = await drain(tapes.play({}));
        t.is(refused.end, "unauthenticated answered");
        const options = { metadata: { user: "ann" } };
        await tapes.look({}, options);
        t.is((await drain(tapes.play({}, options))).end, "complete");
        t.deepEqual(users, ["ann", "ann"]);
      },
    );
  },
);

test.serial(
  "interceptors see the call that a call is made for, its values, and the clock of their side",
  async (t) => {
    const userKey = contextKey<string>("user", "nobody");
    const seen: unknown[] = [];
    const noting: ClientInterceptor = (call, next) => {
      const { parent, values } = call.options;
      seen.push([parent?.method, values?.get(userKey)]);
      seen.push(call.providers.time.now());
      return next(call);
    };
    const parents: HandlerContext[] = [];
    const keep: ServerInterceptor = (call, next) => {
      seen.push(call.providers.time.now());
      call.context.values.set(userKey, "ann");
      parents.push(call.context);
      return next(call);
    };
    await inStudio(
      { serve: { interceptors: [keep] } },
      async ({ tapes, client, world }) => {
        await tapes.look({});
        seen.splice(0);
        const [parent] = parents;
        const make = (options: ClientOptions): TapesClient =>
          createClient(TapesRpc, client, address, {
            interceptors: [noting],
            ...options,
          });
        const startMs = world.time.now();
        await make({ parent }).look({});
        const [, atClient, atServer] = seen as number[];
        t.is(atClient, startMs);
        t.true((atServer ?? 0) > startMs && atServer! < world.time.now());
        t.deepEqual(seen.splice(0)[0], ["test.v1.Tapes.Look", "ann"]);
        const values = new ContextValues().set(userKey, "bob");
        await make({}).look({}, { parent, values });
        t.deepEqual(seen.splice(0)[0], ["test.v1.Tapes.Look", "bob"]);
        await make({}).look({});
        t.deepEqual(seen.splice(0)[0], [undefined, undefined]);
      },
    );
  },
);

test.serial(
  "what an interceptor adds to a one-way message travels with it",
  async (t) => {
    const marking: ClientInterceptor = (call, next) =>
      next({ ...call, options: { metadata: { mark: "red" } } });
    const seen: Metadata[] = [];
    const note = (_: unknown, { metadata }: HandlerContext): object => (
      seen.push(metadata),
      {}
    );
    await inStudio(
      { client: { interceptors: [marking] }, handler: { look: note } },
      async ({ tapes, sleep }) => {
        tapes.look.send({});
        await sleep(1_000);
        t.deepEqual(seen, [{ mark: "red" }]);
      },
    );
  },
);

test("context values are found by their keys, and by nothing else", (t) => {
  const [left, right] = [contextKey("same", 1), contextKey("same", 2)];
  const values = new ContextValues().set(left, 10);
  t.deepEqual([values.get(left), values.get(right)], [10, 2]);
  t.is(values.delete(left).get(left), 1);
});

let studioSleep: (ms: number) => Promise<void> = () => Promise.resolve();

test.serial(
  "many calls that are made at once, for one or in a fan-out, are taken for no leak of listeners",
  async (t) => {
    const warnings: string[] = [];
    const warned = ({ name }: Error): unknown => warnings.push(name);
    process.on("warning", warned);
    const ends: string[] = [];
    let inner: TapesClient | undefined;
    await inStudio(
      {
        handler: {
          look: async ({ account }, context) => {
            if (account === "inner") return new Promise(() => undefined);
            const asked = { account: "inner" };
            const options = { parent: context };
            const calls = below(20).map(() => inner!.look(asked, options));
            const looks = below(20).map(() => inner!.look);
            const all = { ...options, required: "all" } as const;
            await Promise.allSettled([...calls, fanOut(looks, asked, all)]);
            ends.push((context.signal.reason as RpcError).code);
            return { cents: 1n };
          },
        },
      },
      async ({ client, tapes, handle, sleep }) => {
        inner = createClient(TapesRpc, client, address);
        const outer = tapes.look({}, { timeoutMs: 500 });
        await sleep(100);
        t.is(handle.runningCount, 41);
        t.is(endOf(await t.throwsAsync(outer)), "deadline_exceeded maybe");
        await sleep(100);
        t.deepEqual(ends, ["cancelled"]);
        t.is(client.metrics().callCount, 0);
        await handle.stop();
      },
    );
    process.off("warning", warned);
    t.deepEqual(warnings, []);
  },
);
