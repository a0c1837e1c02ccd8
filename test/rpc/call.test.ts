import test from "ava";

import {
  InsufficientFundsSchema,
  UnknownAccountSchema,
} from "../../gen/bank/v1/bank_pb.ts";
import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import {
  createClient,
  errorDetail,
  findDetail,
  type HandlerContext,
  isRpcError,
  protobufCodec,
  RpcError,
  type RpcErrorCode,
  serve,
} from "../../src/rpc/index.ts";
import { MessagingError } from "../../src/transport/index.ts";
import {
  address,
  atDesk,
  clientIp,
  type NotesHandler,
  NotesRpc,
  plainHandler,
} from "./notes.ts";

/** The code and the delivery that a call failed with. */
async function failure(
  call: Promise<unknown>,
): Promise<[code: RpcErrorCode | "none", delivery: string]> {
  try {
    await call;
    return ["none", "none"];
  } catch (error) {
    if (!isRpcError(error)) throw error;
    return [error.code, error.delivery];
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

test.serial(
  "a plain call, and each mode of it, is answered with a message",
  async (t) => {
    await atDesk({}, async ({ notes, handle }) => {
      t.is((await notes.write({ account: "abc" })).cents, 3n);
      t.is((await notes.read({ account: "abcd" })).cents, 4n);
      t.is((await notes.write.getReply({ account: "a" })).cents, 1n);
      t.is((await notes.read.tryGetReply({})).cents, 0n);
      t.is(handle.runningCount, 0);
    });
  },
);

test.serial("a call that waits for nothing reaches its handler", async (t) => {
  const seen: string[] = [];
  const note = ({ account }: { account: string }): void =>
    void seen.push(account);
  await atDesk(
    { handler: { hint: note, write: (request) => (note(request), {}) } },
    async ({ notes, sleep }) => {
      notes.hint({ account: "a" });
      notes.write.send({ account: "b" });
      await sleep(100);
      t.deepEqual(seen, ["a", "b"]);
      t.is((notes.hint as { tryGetReply?: unknown }).tryGetReply, undefined);
    },
  );
});

test.serial(
  "a class serves as well as an object, and keeps its this",
  async (t) => {
    class Counter implements NotesHandler {
      count = 0n;
      readonly hint = (): void => undefined;
      write(): { cents: bigint } {
        this.count += 1n;
        return { cents: this.count };
      }
      async read(): Promise<{ cents: bigint }> {
        return { cents: this.count };
      }
    }
    const counter = new Counter();
    await atDesk(
      { handler: { write: counter.write.bind(counter) } },
      async ({ server, client, handle }) => {
        await handle.stop();
        await using again = serve(server, NotesRpc, counter);
        const notes = createClient(NotesRpc, client, address);
        await notes.write({});
        t.is((await notes.write({})).cents, 2n);
        t.is(again.runningCount, 0);
      },
    );
  },
);

test.serial(
  "a handler's RpcError reaches the caller with code, message and details",
  async (t) => {
    const details = [
      errorDetail(InsufficientFundsSchema, { account: "alice", cents: 7n }),
    ];
    const write = (): never => {
      throw new RpcError("failed_precondition", "not enough", { details });
    };
    await atDesk({ handler: { write } }, async ({ notes }) => {
      const error = await t.throwsAsync(notes.write({}), {
        instanceOf: RpcError,
      });
      t.is(error.code, "failed_precondition");
      t.is(error.delivery, "answered");
      t.is(error.rawMessage, "not enough");
      t.is(findDetail(error, InsufficientFundsSchema)?.cents, 7n);
      t.is(findDetail(error, UnknownAccountSchema), undefined);
      t.is(findDetail(new Error("other"), InsufficientFundsSchema), undefined);
      t.deepEqual(await failure(notes.write.getReply({})), [
        "failed_precondition",
        "answered",
      ]);
    });
  },
);

test.serial(
  "whatever else a handler throws becomes internal, and its text stays at home",
  async (t) => {
    const told: string[] = [];
    const handler: Partial<NotesHandler> = {
      write: () => {
        throw new Error("the password is swordfish");
      },
      read: () => Promise.reject(new TypeError("swordfish")),
    };
    const onError = (error: unknown, context: HandlerContext): void =>
      void told.push(`${context.method}: ${(error as Error).message}`);
    await atDesk({ handler, serve: { onError } }, async ({ notes }) => {
      for (const call of [notes.write({}), notes.read({})]) {
        const error = await t.throwsAsync(call, { instanceOf: RpcError });
        t.is(error.code, "internal");
        t.notRegex(error.message, /swordfish/);
      }
      t.deepEqual(told, [
        "test.v1.Notes.Write: the password is swordfish",
        "test.v1.Notes.Read: swordfish",
      ]);
    });
    await atDesk(
      { handler, serve: { exposeErrors: true } },
      async ({ notes }) => {
        t.regex(
          (await t.throwsAsync(notes.write({})))?.message ?? "",
          /swordfish/,
        );
      },
    );
  },
);

test.serial(
  "a handler that returns what does not fit is an internal error",
  async (t) => {
    const write = (): { cents: bigint } => ({ cents: "many" as never });
    await atDesk({ handler: { write } }, async ({ notes }) => {
      t.deepEqual(await failure(notes.write({})), ["internal", "answered"]);
    });
  },
);

const fail = (): never => {
  throw new Error("no such message");
};

test.serial(
  "a request that cannot be encoded is refused, and was not sent",
  async (t) => {
    await atDesk(
      { client: { codec: { ...protobufCodec, encode: fail } } },
      async ({ notes, client }) => {
        t.deepEqual(await failure(notes.write({})), [
          "invalid_argument",
          "not_sent",
        ]);
        t.true(
          isRpcError(
            t.throws(() => notes.hint({})),
            "invalid_argument",
          ),
        );
        t.is(client.metrics().framesSent, 0);
      },
    );
  },
);

test.serial(
  "a request that cannot be decoded is answered, and the server goes on",
  async (t) => {
    await atDesk({}, async ({ notes, client }) => {
      const to = new Endpoint(
        NetworkAddress.parse(address),
        NotesRpc.uid.adjusted(1),
      );
      const error = await t.throwsAsync(
        client.tryGetReply(to, Uint8Array.of(255, 255)),
      );
      t.regex(error?.message ?? "", /serialization/);
      t.is((await notes.write({ account: "ab" })).cents, 2n);
    });
  },
);

test.serial(
  "a response that cannot be decoded is an error of this call alone",
  async (t) => {
    await atDesk(
      { client: { codec: { ...protobufCodec, decode: fail } } },
      async ({ notes, client }) => {
        t.deepEqual(await failure(notes.write({})), ["internal", "answered"]);
        t.is(client.metrics().callCount, 0);
      },
    );
  },
);

test.serial(
  "a call gives up at its own deadline, the contract's, or the client's",
  async (t) => {
    await atDesk(
      { handler: { write: never, read: never }, client: { timeoutMs: 2_000 } },
      async ({ notes, world }) => {
        const lasts = async (call: Promise<unknown>): Promise<number> => {
          const before = world.nowMs;
          t.deepEqual(await failure(call), ["deadline_exceeded", "maybe"]);
          return Math.round(world.nowMs - before);
        };
        t.is(await lasts(notes.write({}, { timeoutMs: 70 })), 70);
        t.is(await lasts(notes.read({})), 500);
        t.is(await lasts(notes.write({})), 2_000);
        t.throws(() => notes.write({}, { timeoutMs: 0 }), {
          instanceOf: RangeError,
        });
        t.throws(() => notes.write({}, { timeoutMs: Number.NaN }), {
          instanceOf: RangeError,
        });
      },
    );
  },
);

test.serial(
  "ten seconds are the default, and at rest no deadline is left",
  async (t) => {
    await atDesk(
      { handler: { write: never } },
      async ({ notes, world, client, handle }) => {
        const before = world.nowMs;
        t.deepEqual(await failure(notes.write({})), [
          "deadline_exceeded",
          "maybe",
        ]);
        t.is(Math.round(world.nowMs - before), 10_000);
        t.is(client.metrics().deadlineCount, 0);
        t.is(handle.runningCount, 1);
        // The cancellation arrives.
        await client.providers.time.sleep(1_000);
        // One for each side of the connection, which is closed when nobody needs it for long.
        t.is(world.pending, 2);
      },
    );
  },
);

test.serial(
  "a handler learns how much time is left, who calls, and what",
  async (t) => {
    const seen: [number, string, string][] = [];
    const write = (_: unknown, context: HandlerContext): { cents: bigint } => {
      seen.push([context.timeRemainingMs(), context.peer.ip, context.method]);
      return { cents: 0n };
    };
    await atDesk({ handler: { write } }, async ({ notes }) => {
      await notes.write({}, { timeoutMs: 300 });
      await notes.write({}, { timeoutMs: Infinity });
      const [first, second] = seen;
      t.true(
        (first?.[0] ?? 0) > 280 && (first?.[0] ?? 0) <= 300,
        `${first?.[0]}`,
      );
      t.deepEqual(second, [Infinity, clientIp, "test.v1.Notes.Write"]);
    });
  },
);

/** A handler that waits for its signal, and what its signal said. */
function patient(): { handler: Partial<NotesHandler>; reasons: string[] } {
  const reasons: string[] = [];
  const write = (_: unknown, { signal }: HandlerContext): Promise<never> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reasons.push((signal.reason as RpcError).code);
        reject(signal.reason as Error);
      });
    });
  return { handler: { write }, reasons };
}

test.serial("a handler's signal fires at the caller's deadline", async (t) => {
  const { handler, reasons } = patient();
  await atDesk({ handler }, async ({ notes, server, handle, sleep }) => {
    t.deepEqual(await failure(notes.write({}, { timeoutMs: 100 })), [
      "deadline_exceeded",
      "maybe",
    ]);
    await sleep(10);
    t.deepEqual(reasons, ["deadline_exceeded"]);
    t.is(handle.runningCount, 0);
    t.is(server.metrics().deadlineCount, 0);
  });
});

test.serial(
  "a handler's signal fires when its caller's connection is gone",
  async (t) => {
    const { handler, reasons } = patient();
    await atDesk({ handler }, async ({ notes, client, handle, sleep }) => {
      const call = failure(notes.write({}));
      await sleep(100);
      await client.close();
      t.deepEqual(await call, ["unavailable", "maybe"]);
      await sleep(100);
      t.deepEqual(reasons, ["cancelled"]);
      t.is(handle.runningCount, 0);
    });
  },
);

test.serial(
  "a server that stops breaks the promises of its calls, and is gone",
  async (t) => {
    const { handler, reasons } = patient();
    await atDesk(
      { handler: { ...handler, read: never } },
      async ({ notes, handle, server, sleep }) => {
        const calls = [
          failure(notes.write({})),
          failure(notes.read.tryGetReply({})),
        ];
        await sleep(100);
        t.is(handle.runningCount, 2);
        await handle.stop();
        t.deepEqual(await Promise.all(calls), [
          ["unavailable", "maybe"],
          ["unavailable", "maybe"],
        ]);
        t.deepEqual(reasons, ["unavailable"]);
        t.deepEqual(await failure(notes.write({})), [
          "unimplemented",
          "answered",
        ]);
        await using again = serve(server, NotesRpc, plainHandler);
        t.is((await notes.write({ account: "a" })).cents, 1n);
        t.is(again.runningCount, 0);
      },
    );
  },
);

test.serial(
  "a handler that asks for its signal after the server has stopped finds it fired",
  async (t) => {
    let reason: unknown;
    const write = async (
      _: unknown,
      context: HandlerContext,
    ): Promise<{ cents: bigint }> => {
      await asked;
      reason = context.signal.reason;
      return { cents: 0n };
    };
    let ask!: () => void;
    const asked = new Promise<void>((resolve) => (ask = resolve));
    await atDesk({ handler: { write } }, async ({ notes, handle, sleep }) => {
      const call = failure(notes.write({}));
      await sleep(100);
      await handle.stop();
      ask();
      t.deepEqual(await call, ["unavailable", "maybe"]);
      t.true(isRpcError(reason, "unavailable"));
    });
  },
);

test.serial(
  "an at-least-once call outlives the service that it met first",
  async (t) => {
    await atDesk(
      { handler: { read: never } },
      async ({ notes, handle, server, sleep }) => {
        const call = notes.read({ account: "abc" });
        await sleep(100);
        await handle.stop();
        await using again = serve(server, NotesRpc, plainHandler);
        t.is((await call).cents, 3n);
        t.is(again.runningCount, 0);
      },
    );
  },
);

test.serial("a server that owns its transport closes it", async (t) => {
  await atDesk(
    { serve: { ownsTransport: true } },
    async ({ notes, handle, server }) => {
      await notes.write({});
      await handle.stop();
      t.is(server.metrics().connectionCount, 0);
      const [code] = await failure(notes.write({}));
      t.is(code, "unavailable");
    },
  );
});

test.serial(
  "a caller's signal cancels its call, with the reason as cause",
  async (t) => {
    await atDesk(
      { handler: { write: never } },
      async ({ notes, sleep, client }) => {
        const controller = new AbortController();
        const call = notes.write({}, { signal: controller.signal });
        await sleep(100);
        controller.abort(new Error("changed my mind"));
        const error = await t.throwsAsync(call, { instanceOf: RpcError });
        t.deepEqual(
          [error.code, error.delivery, (error.cause as Error).message],
          ["cancelled", "maybe", "changed my mind"],
        );
        const early = await t.throwsAsync(
          notes.write({}, { signal: controller.signal }),
          { instanceOf: RpcError },
        );
        t.deepEqual([early.code, early.delivery], ["cancelled", "not_sent"]);
        t.is(client.metrics().callCount, 0);
      },
    );
  },
);

test.serial("a service is served once, entirely or not at all", async (t) => {
  await atDesk({}, async ({ server, handle }) => {
    t.throws(() => serve(server, NotesRpc, plainHandler), {
      instanceOf: MessagingError,
      code: "token_in_use",
      message: /test.v1.Notes is served already/,
    });
    await handle.stop();
    const { hint: _, ...partial } = plainHandler;
    t.throws(() => serve(server, NotesRpc, partial as never), {
      instanceOf: TypeError,
      message: /hint/,
    });
    await serve(server, NotesRpc, plainHandler).stop();
  });
});

test.serial(
  "an instance is served under its own token, and found by its endpoint",
  async (t) => {
    await atDesk({}, async ({ server, client, world }) => {
      const token = UID.random(world.random("tokens"));
      const write = (): { cents: bigint } => ({ cents: 77n });
      await using instance = serve(
        server,
        NotesRpc,
        { ...plainHandler, write },
        { token },
      );
      const notes = createClient(NotesRpc, client, instance.endpoint);
      t.is((await notes.write({ account: "a" })).cents, 77n);
      t.is(
        (await createClient(NotesRpc, client, address).write({ account: "a" }))
          .cents,
        1n,
      );
      t.throws(() => client.endpoint(token), { instanceOf: TypeError });
    });
  },
);

test.serial("calls to oneself take the same road", async (t) => {
  let seen: unknown;
  const write = (request: unknown): { cents: bigint } => {
    seen = request;
    return { cents: 5n };
  };
  await atDesk({ handler: { write } }, async ({ server }) => {
    const request = { account: "me" };
    t.is(
      (await createClient(NotesRpc, server, address).write(request)).cents,
      5n,
    );
    t.not(seen, request);
    t.is((seen as { account: string }).account, "me");
  });
});

test.serial(
  "calls are told to whoever listens, by the names of the contract",
  async (t) => {
    await atDesk({ traceRecentMax: 100 }, async ({ notes, world }) => {
      await notes.write({});
      const names = world.trace.recent.map(
        ({ source, name, fields }) =>
          `${source} ${name} ${fields["method"] ?? ""}`,
      );
      for (const expected of [
        `${clientIp} rpc.call test.v1.Notes.Write`,
        `10.0.1.1 rpc.request test.v1.Notes.Write`,
        `${clientIp} rpc.replied test.v1.Notes.Write`,
      ]) {
        t.true(
          names.includes(expected),
          `${expected} is not in ${names.join(", ")}`,
        );
      }
    });
  },
);
