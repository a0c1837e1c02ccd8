/** The stack of a call's error leads to the line of the program that made the call. */
import test from "ava";

import {
  type ClientInterceptor,
  createBalancedClient,
  createClient,
  fanOut,
  RpcError,
} from "../../src/rpc/index.ts";
import { errorOf } from "./call-errors.ts";
import { address, atDesk, type Desk, NotesRpc } from "./notes.ts";

const refuse = (): never => {
  throw new RpcError("not_found", "no such account");
};

/** Every way to wait for a unary call; each is awaited by a function of its own, whose name is looked for. */
const ways: Readonly<Record<string, (desk: Desk) => Promise<unknown>>> = {
  "a call": ({ notes }) => notes.write({}),
  "a call that is sent until it is answered": ({ notes }) => notes.read({}),
  "a call through an interceptor": ({ client }) => {
    const onward: ClientInterceptor = async (call, next) => next(call);
    const options = { interceptors: [onward] };
    return createClient(NotesRpc, client, address, options).write({});
  },
  "a balanced call": ({ client }) =>
    createBalancedClient(NotesRpc, client, [address]).write({}),
  "one of several calls": ({ notes }) =>
    Promise.all([notes.write({}), notes.read({})]),
  "a fan-out": ({ notes }) =>
    fanOut([notes.write, notes.read], {}, { required: "all" }),
  "a call of whom nobody serves": ({ client }) =>
    createClient(NotesRpc, client, "10.0.9.9:1").write({}),
  "a call whose time is up": ({ client, world }) => {
    world.network.partition("10.0.1.1", "10.0.1.2");
    const notes = createClient(NotesRpc, client, address);
    return notes.write({}, { timeoutMs: 5 });
  },
};

for (const [name, ask] of Object.entries(ways)) {
  test.serial(
    `the stack of the error of ${name} names whoever awaits it`,
    async (t) => {
      await atDesk(
        { handler: { write: refuse, read: refuse } },
        async (desk) => {
          async function placeOrder(): Promise<void> {
            await ask(desk);
          }
          const error = await errorOf(placeOrder());
          t.regex(
            error.stack ?? "",
            /^RpcError: \[\w+\] .*\n[^]*at async placeOrder/,
          );
          t.true(error.stack?.startsWith(`RpcError: ${error.message}\n`));
        },
      );
    },
  );
}

test.serial(
  "a listener for metadata that throws is heard once, alone and in a balanced call",
  async (t) => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on("unhandledRejection", note);
    const handler = {
      write: () => {
        throw new RpcError("not_found", "", { metadata: { why: "closed" } });
      },
    };
    await atDesk({ handler }, async ({ notes, client, sleep }) => {
      const onReplyMetadata = (): never => {
        throw new Error("the listener is broken");
      };
      const balanced = createBalancedClient(NotesRpc, client, [address]);
      for (const { write } of [notes, balanced])
        await t.throwsAsync(async () => write({}, { onReplyMetadata }), {
          message: "the listener is broken",
        });
      await sleep(100);
    });
    process.off("unhandledRejection", note);
    t.deepEqual(rejections, []);
  },
);
