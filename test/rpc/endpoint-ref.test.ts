import { create } from "@bufbuild/protobuf";
import test, { type ExecutionContext } from "ava";

import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import {
  createClient,
  endpointOf,
  endpointRef,
  EndpointRefSchema,
  isRpcError,
  protobufCodec,
  serve,
  type ServerHandle,
} from "../../src/rpc/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import {
  BoardServiceRpc,
  type WatcherServiceClient,
  WatcherServiceRpc,
} from "../contracts/v1/gen/board/v1/board_rpc.ts";

const somewhere = new Endpoint(
  NetworkAddress.parse("10.0.0.1:80"),
  new UID(1, 2, 3, 0x8000_0000),
);

test("an endpoint is the same after its reference has travelled", (t) => {
  for (const address of ["10.0.0.1:80", "[::1]:65535", "tls://10.0.0.1:80"]) {
    const endpoint = new Endpoint(
      NetworkAddress.parse(address),
      somewhere.token,
    );
    const ref = endpointRef(WatcherServiceRpc, endpoint);
    const bytes = protobufCodec.encode(EndpointRefSchema, ref);
    const back = protobufCodec.decode(EndpointRefSchema, bytes);
    t.true(endpointOf(WatcherServiceRpc, back).equals(endpoint), address);
    t.is(back.serviceName, "board.v1.WatcherService");
  }
});

const good = endpointRef(WatcherServiceRpc, somewhere);
for (const [what, spoilt, message] of [
  ["no reference", undefined, /there is none$/],
  [
    "a reference to another service",
    endpointRef(BoardServiceRpc, somewhere),
    /it is one to "board\.v1\.BoardService" \([0-9a-f]{32}\)$/,
  ],
  [
    "a reference to nothing in particular",
    { serviceUid: new Uint8Array(16) },
    /its service_uid is all zero, not 16 bytes/,
  ],
  [
    "a reference without an identity",
    { serviceUid: new Uint8Array(0) },
    /its service_uid is 0 bytes, not 16 bytes/,
  ],
  [
    "a reference with half a token",
    { token: new Uint8Array(8) },
    /its token is 8 bytes, not 16 bytes/,
  ],
  [
    "a reference with an empty token",
    { token: new Uint8Array(16) },
    /its token is all zero/,
  ],
  [
    "a reference with an address that is none",
    { address: "board 0:80" },
    /its address "board 0:80" is none$/,
  ],
  [
    "a reference without an address",
    { address: "" },
    /its address "" is none$/,
  ],
] as const) {
  test(`${what} is refused, as a mistake of whoever sent it`, (t) => {
    const ref = spoilt && create(EndpointRefSchema, { ...good, ...spoilt });
    const error = t.throws(() => endpointOf(WatcherServiceRpc, ref));
    t.true(isRpcError(error, "invalid_argument"));
    t.regex(
      error?.message ?? "",
      /no reference to board\.v1\.WatcherService can be used/,
    );
    t.regex(error?.message ?? "", message);
    t.is(isRpcError(error) && error.delivery, "not_sent");
  });
}

test("a reference outlives a rename that is declared, and no other", (t) => {
  const renamed = {
    name: "board.v2.ListenerService",
    uid: WatcherServiceRpc.uid,
  };
  t.true(endpointOf(renamed, good).equals(somewhere));
  const impostor = { name: WatcherServiceRpc.name, uid: new UID(9, 9, 9, 9) };
  t.throws(() => endpointOf(impostor, good));
});

const boardIp = "10.0.1.1";
const watcherIp = "10.0.1.2";

/** A board that makes clients of the references it is sent. */
interface Cluster {
  readonly world: SimWorld;
  readonly board: NetTransport;
  /** In the order in which the references arrived. */
  readonly watchers: WatcherServiceClient[];
  /** Begin a life of the watchers' machine. */
  begin(): Promise<Life>;
}

/** One life of the machine that watchers live on. */
interface Life {
  readonly transport: NetTransport;
  /** Serve a watcher, and send a reference to it to the board. It answers with how often it was told of a note. */
  watch(token?: UID): Promise<{ heard: number; handle: ServerHandle }>;
}

async function inCluster(
  main: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  const watchers: WatcherServiceClient[] = [];
  await world.run(async () => {
    const providers = world.providers(boardIp);
    const board = await NetTransport.listen(providers, `${boardIp}:1`);
    serve(board, BoardServiceRpc, {
      post: () => ({}),
      list: () => ({}),
      async *read() {
        yield {};
      },
      watch({ watcher }) {
        const to = endpointOf(WatcherServiceRpc, watcher);
        watchers.push(createClient(WatcherServiceRpc, board, to));
        return {};
      },
    });
    await main({ world, board, watchers, begin: () => beginLife(world) });
    await board.close();
  });
}

async function beginLife(world: SimWorld): Promise<Life> {
  const providers = world.providers(watcherIp);
  const transport = await NetTransport.listen(providers, `${watcherIp}:1`);
  const board = createClient(BoardServiceRpc, transport, `${boardIp}:1`);
  return {
    transport,
    async watch(token) {
      const notify = () => ({ heard: (watcher.heard += 1) });
      const options = { token };
      const handle = serve(transport, WatcherServiceRpc, { notify }, options);
      const ref = endpointRef(WatcherServiceRpc, handle.endpoint);
      const watcher = { heard: 0, handle };
      await board.watch({ watcher: ref });
      return watcher;
    },
  };
}

/** Call an endpoint that is gone: whether it was asked. */
async function goneFrom(
  t: ExecutionContext,
  watcher: WatcherServiceClient | undefined,
): Promise<string> {
  const error = await t.throwsAsync(async () => watcher?.notify({}));
  t.true(isRpcError(error, "unimplemented"), String(error));
  return isRpcError(error) ? error.delivery : "";
}

test.serial(
  "a client made of a reference that travelled calls exactly that instance",
  async (t) => {
    await inCluster(async ({ watchers, begin }) => {
      const { transport, watch } = await begin();
      const first = await watch(transport.newToken());
      const second = await watch(transport.newToken());
      const byName = await watch();
      t.is((await watchers[1]?.notify({}))?.heard, 1);
      t.is((await watchers[1]?.notify({}))?.heard, 2);
      t.is((await watchers[2]?.notify({}))?.heard, 1);
      t.deepEqual([first.heard, second.heard, byName.heard], [0, 2, 1]);
      await transport.close();
    });
  },
);

test.serial(
  "the reference to an instance is good for one life, the one to a name for all",
  async (t) => {
    await inCluster(async ({ world, board, watchers, begin }) => {
      const before = await begin();
      const mortal = await before.watch(before.transport.newToken());
      await before.watch();
      t.is((await watchers[0]?.notify({}))?.heard, 1);
      world.kill(watcherIp);
      const after = await begin();
      const reborn = await after.watch(after.transport.newToken());
      const byName = await after.watch();
      const sent = board.metrics().framesSent;
      t.is(await goneFrom(t, watchers[0]), "not_sent", "that life is over");
      t.is(board.metrics().framesSent, sent, "so nobody is asked");

      t.is((await watchers[1]?.notify({}))?.heard, 1);
      t.is((await watchers[2]?.notify({}))?.heard, 1);
      t.deepEqual([mortal.heard, reborn.heard, byName.heard], [1, 1, 1]);
      await after.transport.close();
    });
  },
);

test.serial(
  "the reference to an instance that has been stopped is gone for good as well",
  async (t) => {
    await inCluster(async ({ watchers, begin }) => {
      const { transport, watch } = await begin();
      const token = transport.newToken();
      const { handle } = await watch(token);
      await handle.stop();
      t.is(await goneFrom(t, watchers[0]), "answered");
      t.is(await goneFrom(t, watchers[0]), "not_sent", "it is known by now");
      await transport.close();
    });
  },
);

test.serial(
  "a handler that is sent a reference it cannot use answers so by itself",
  async (t) => {
    await inCluster(async ({ watchers, begin }) => {
      const { transport } = await begin();
      const board = createClient(BoardServiceRpc, transport, `${boardIp}:1`);
      const wrong = endpointRef(BoardServiceRpc, somewhere);
      for (const request of [{}, { watcher: wrong }]) {
        const error = await t.throwsAsync(board.watch(request));
        t.true(isRpcError(error, "invalid_argument"));
        t.is(isRpcError(error) && error.delivery, "answered");
      }
      t.deepEqual(watchers, []);
      await transport.close();
    });
  },
);
