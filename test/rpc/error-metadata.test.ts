/** What goes beside errors: trailing metadata, for those who say when to come back, and for those who ask. */
import test from "ava";

import { nodeProviders } from "../../src/node/index.ts";
import {
  type ClientInterceptor,
  createClient,
  type HandlerContext,
  isRpcError,
  type Metadata,
  type MethodSpec,
  RpcError,
  type ServerInterceptor,
} from "../../src/rpc/index.ts";
import { decodeStatus, encodeStatus } from "../../src/rpc/status.ts";
import {
  isReplyError,
  NetTransport,
  type ReplyPromise,
} from "../../src/transport/index.ts";
import { tlsOf } from "../node/certificates.ts";
import { atDesk, NotesRpc } from "./notes.ts";
import {
  failureOf,
  refuse,
  refused,
  simulatedRefusals,
  refusalsAt,
  refusing,
  retryAfter,
} from "./refusing.ts";
import {
  address,
  inStudio,
  tapes,
  type TapesClient,
  type TapesHandler,
  TapesRpc,
} from "./streams.ts";

test.serial(
  "metadata goes with the errors of calls of every kind, in a simulation, on TCP and over TLS",
  async (t) => {
    const simulated = await simulatedRefusals();
    t.deepEqual(simulated, refused);
    const onTcp = { server: nodeProviders(), client: nodeProviders() };
    t.deepEqual(await refusalsAt(onTcp, "127.0.0.1:0"), simulated);
    const overTls = {
      server: nodeProviders({ tls: tlsOf("node") }),
      client: nodeProviders({ tls: tlsOf("guest") }),
    };
    t.deepEqual(await refusalsAt(overTls, "tls://127.0.0.1:0"), simulated);
  },
);

test("an RpcError without metadata has none, and what it has cannot be changed", (t) => {
  const plain = new RpcError("aborted", "why");
  t.deepEqual(plain.metadata, {});
  const given: Record<string, string> = { a: "1" };
  const error = new RpcError("aborted", "why", { metadata: given });
  given["a"] = "2";
  t.deepEqual(error.metadata, { a: "1" });
  for (const { metadata } of [plain, error])
    t.throws(() => ((metadata as Record<string, string>)["b"] = "3"), {
      instanceOf: TypeError,
    });
});

test.serial(
  "metadata goes with errors that are no RpcError, and with those of interceptors",
  async (t) => {
    const refusal: ServerInterceptor = (call, next) => {
      call.context.replyMetadata["seen"] = "yes";
      if (call.context.metadata["user"] === undefined)
        throw new RpcError("unauthenticated", "who?");
      return next(call);
    };
    const look = (_: unknown, { replyMetadata }: HandlerContext): never => {
      replyMetadata["shard"] = "7";
      throw new TypeError("a secret");
    };
    await inStudio(
      { serve: { interceptors: [refusal] }, handler: { look } },
      async ({ tapes }) => {
        const stranger = await failureOf(tapes.look({}));
        t.is(stranger.code, "unauthenticated");
        t.deepEqual(stranger.metadata, { seen: "yes" });
        const options = { metadata: { user: "ann" } };
        const hidden = await failureOf(tapes.look({}, options));
        t.is(hidden.message, "[internal] the handler failed");
        t.deepEqual(hidden.metadata, { seen: "yes", shard: "7" });
      },
    );
  },
);

test.serial(
  "an error whose metadata cannot be sent arrives without it, and the server is told",
  async (t) => {
    const reported: unknown[] = [];
    const onError = (error: unknown): void =>
      void reported.push((error as Error).name);
    const cases: readonly [string, Record<string, unknown>][] = [
      ["TypeError", { "Not So": "1" }],
      ["TypeError", { ["__proto__x"]: "1" }],
      ["RangeError", { a: "b".repeat(20_000) }],
      ["TypeError", { a: Symbol("no text") }],
    ];
    let bad: Record<string, string> = {};
    const look = (
      { account }: { account: string },
      context: HandlerContext,
    ) => {
      if (account === "beside") Object.assign(context.replyMetadata, bad);
      const metadata = account === "beside" ? {} : bad;
      throw new RpcError("not_found", "no such tape", { metadata });
    };
    await inStudio(
      { serve: { onError }, handler: { look } },
      async (studio) => {
        for (const [name, metadata] of cases) {
          bad = metadata as Record<string, string>;
          for (const account of ["within", "beside"]) {
            const error = await failureOf(studio.tapes.look({ account }));
            t.is(error.message, "[not_found] no such tape");
            t.deepEqual(error.metadata, {});
            t.deepEqual(reported.splice(0), [name]);
          }
        }
        bad = { a: "b".repeat(16_384 - 3 - 4) };
        const error = await failureOf(studio.tapes.look({}));
        t.deepEqual(error.metadata, bad);
        t.deepEqual(reported, []);
      },
    );
  },
);

test.serial(
  "an error whose metadata is too much for its caller arrives without it",
  async (t) => {
    const metadata = { a: "b".repeat(2_000) };
    const look = (): never => {
      throw new RpcError("not_found", "no such tape", { metadata });
    };
    await inStudio({ handler: { look } }, async ({ tapes, world }) => {
      t.deepEqual((await failureOf(tapes.look({}))).metadata, metadata);
      const narrow = NetTransport.client(world.providers("10.0.1.3"), {
        payloadSizeMax: 1_000,
      });
      const others = createClient(TapesRpc, narrow, address);
      const error = await failureOf(others.look({}));
      t.is(error.message, "[not_found] no such tape");
      t.deepEqual(error.metadata, {});
      await narrow.close();
    });
  },
);

test.serial(
  "servers that know of no metadata beside errors are understood, and so are clients that do not look for it",
  async (t) => {
    const told: Metadata[] = [];
    const onReplyMetadata = (metadata: Metadata): void =>
      void told.push(metadata);
    const plain = new RpcError("aborted", "why");
    await inStudio({ handler: refusing }, async (studio) => {
      const { client, server, tapes, handle } = studio;
      // An older client reads the body, and skips what is beside it.
      const to = server.endpoint(TapesRpc.methods["look"]!.uid);
      const lower = await t.throwsAsync(client.tryGetReply(to, nothing));
      if (!isReplyError(lower, "application")) throw lower!;
      t.deepEqual(
        lower.details.body,
        encodeStatus(new RpcError("unavailable", "later")),
      );
      t.is(decodeStatus(lower.details.body).code, "unavailable");
      // An older server sends nothing beside it; a newer one, perhaps, what nobody here knows.
      await handle.stop();
      for (const extra of [nothing, Uint8Array.of(9, 2, 0, 1, 1)]) {
        using _ = server.register(TapesRpc.methods["look"]!.uid, {
          receive: (promise: ReplyPromise) =>
            promise.sendError("application", encodeStatus(plain), extra),
        });
        const error = await failureOf(tapes.look({}, { onReplyMetadata }));
        t.is(error.message, plain.message);
        t.deepEqual(error.metadata, {});
        t.deepEqual(told.splice(0), extra === nothing ? [] : [{}]);
      }
    });
  },
);

test.serial(
  "an error that is repeated to a call that arrives again has its metadata",
  async (t) => {
    let count = 0;
    let end = (): void => undefined;
    const write = async (_: unknown, context: HandlerContext) => {
      count += 1;
      await new Promise<void>((resolve) => (end = resolve));
      return refuse(context);
    };
    const spec: typeof NotesRpc = {
      ...NotesRpc,
      methods: {
        ...NotesRpc.methods,
        write: {
          ...(NotesRpc.methods["write"] as MethodSpec),
          ...{ dedupe: true, delivery: "at_least_once" },
        },
      },
    };
    await atDesk({ spec, handler: { write } }, async (desk) => {
      const told: Metadata[] = [];
      const onReplyMetadata = (metadata: Metadata): void =>
        void told.push(metadata);
      const call = failureOf(desk.notes.write({}, { onReplyMetadata }));
      await desk.sleep(100);
      desk.world.network.circuits[0]?.client.reset();
      await desk.sleep(1_000);
      end();
      t.deepEqual((await call).metadata, retryAfter);
      t.deepEqual(told, [retryAfter]);
      t.is(count, 1);
      t.is(desk.client.peer(address).metrics().messagesResent, 1);
    });
  },
);

test.serial(
  "an interceptor waits for as long as the server asks, and calls again",
  async (t) => {
    const patient: ClientInterceptor = async (call, next) => {
      try {
        return await next(call);
      } catch (error) {
        if (!isRpcError(error, "unavailable")) throw error;
        const seconds = Number(error.metadata["retry-after"] ?? 0);
        await call.providers.time.sleep(seconds * 1_000);
        return next(call);
      }
    };
    let tries = 0;
    await inStudio(
      {
        client: { interceptors: [patient] },
        handler: {
          look: (_, context) => {
            tries += 1;
            return tries === 1 ? refuse(context) : { cents: 7n };
          },
        },
      },
      async ({ tapes, world }) => {
        const startMs = world.nowMs;
        t.is((await tapes.look({})).cents, 7n);
        t.is(Math.floor((world.nowMs - startMs) / 1_000), 2);
      },
    );
  },
);

test.serial(
  "what another server said of itself is not passed on with its error, unless the handler says so",
  async (t) => {
    let passesOn = false;
    let behind: TapesClient | undefined;
    const look = async (
      { account }: { account: string },
      context: HandlerContext,
    ): Promise<{ cents: bigint }> => {
      if (account === "behind") return refuse(context);
      try {
        return await behind!.look({ account: "behind" });
      } catch (error) {
        if (passesOn && isRpcError(error))
          Object.assign(context.replyMetadata, error.metadata);
        throw error;
      }
    };
    await inStudio({ handler: { look } }, async ({ tapes, server }) => {
      behind = createClient(TapesRpc, server, address);
      const error = await failureOf(tapes.look({}));
      t.is(error.message, "[unavailable] later");
      t.deepEqual(error.metadata, {});
      passesOn = true;
      t.deepEqual((await failureOf(tapes.look({}))).metadata, retryAfter);
    });
  },
);

test.serial(
  "a call rejects with what its listener for metadata throws, and others go on",
  async (t) => {
    const look: TapesHandler["look"] = ({ account }, context) => {
      context.replyMetadata["shard"] = "7";
      return account === "bad"
        ? refuse(context)
        : tapes.look({ account } as never, context);
    };
    await inStudio({ handler: { look } }, async ({ tapes, client }) => {
      const options = {
        onReplyMetadata: () => {
          throw new Error("a mistake of the caller");
        },
      };
      const calls = ["good", "bad"].map((account) =>
        tapes.look({ account }, options),
      );
      const other = tapes.look({ account: "abc" });
      for (const call of calls)
        await t.throwsAsync(call, { message: "a mistake of the caller" });
      t.is((await other).cents, 3n);
      t.is(client.metrics().connectionCount, 1);
    });
  },
);

const nothing = new Uint8Array(0);
