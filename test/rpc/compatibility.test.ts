/** A contract grows: old and new clients and servers meet, in one cluster, and nobody loses what he does not know. */
import { create, equals, type MessageInitShape } from "@bufbuild/protobuf";
import test from "ava";

import {
  createClient,
  declaredError,
  isRpcError,
  JsonCodec,
  NetTransport,
  protobufCodec,
} from "../../src/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import * as old from "../contracts/v1/gen/board/v1/board_pb.ts";
import { BoardServiceRpc as OldRpc } from "../contracts/v1/gen/board/v1/board_rpc.ts";
import * as young from "../contracts/v2/gen/board/v1/board_pb.ts";
import { BoardServiceRpc as YoungRpc } from "../contracts/v2/gen/board/v1/board_rpc.ts";
import { failures, passes, prints } from "../runner/support.ts";
import { boardCluster } from "./board-cluster.ts";
import {
  forgetfulRelay,
  OldBoard,
  oldRelay,
  serveBoard,
  serveRelay,
  type Board,
  YoungBoard,
} from "./boards.ts";

const whole = "a note is read back whole";

test.serial(
  "old and new clients and servers keep each other's notes whole, through relays of either version",
  async (t) => {
    const cluster = boardCluster("both versions");
    const report = await cluster.run({ seeds: 20, base: 1 });
    t.deepEqual(failures(report), []);
    t.true(report.success);
    t.true(passes(report, whole) > 300, `${passes(report, whole)} notes`);
    const again = await boardCluster("both versions").run({
      seeds: 2,
      base: 1,
    });
    t.deepEqual(prints(again), prints(report).slice(0, 2));
  },
);

test.serial("a relay that copies what it knows is found out", async (t) => {
  const relay = { relay: forgetfulRelay };
  const report = await boardCluster("forgetful", relay).run({ seeds: [1] });
  t.deepEqual([...new Set(failures(report))], [`assertion: ${whole}`]);
});

test.serial(
  "JsonCodec loses on the way what a relay does not know",
  async (t) => {
    const json = { codec: new JsonCodec() };
    const report = await boardCluster("json", json).run({ seeds: [1] });
    t.deepEqual([...new Set(failures(report))], [`assertion: ${whole}`]);
    const kept = passes(report, whole);
    t.true(kept > 0, "what both versions know is kept");
  },
);

const address = "10.0.1.1:4500";

/** A note of the second version, with all that the first does not know. */
const note: MessageInitShape<typeof young.NoteSchema> = {
  id: "1",
  text: "hello",
  kind: young.Kind.URGENT,
  author: { name: "alice" },
  tags: ["red"],
};

/** Run a test where one board is served. */
async function withBoard<Handler>(
  board: Omit<Board<Handler>, "address">,
  main: (client: NetTransport, world: SimWorld) => Promise<void>,
): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const home = world.providers("10.0.1.1");
    await using _ = await serveBoard(home, { ...board, address });
    const client = NetTransport.client(world.providers("10.0.1.2"));
    await main(client, world);
    await client.close();
  });
}

test.serial(
  "a method that the server does not have yet is unimplemented",
  async (t) => {
    const handler = new OldBoard();
    await withBoard({ spec: OldRpc, handler }, async (client) => {
      const board = createClient(YoungRpc, client, address);
      const error = await t.throwsAsync(board.remove({ id: "1" }));
      t.true(isRpcError(error, "unimplemented"));
      t.is(isRpcError(error) && error.delivery, "answered");
      t.is((await board.post({ note: { id: "1" } })).count, 1);
    });
  },
);

test.serial("a renamed method answers to its first name", async (t) => {
  const handler = new YoungBoard();
  await withBoard({ spec: YoungRpc, handler }, async (client) => {
    const board = createClient(OldRpc, client, address);
    await board.post({ note: { id: "1", text: "hello" } });
    const { notes } = await board.list({});
    t.deepEqual(
      notes.map(({ text }) => text),
      ["hello"],
    );
  });
  t.is(OldRpc.methods["list"]?.id, YoungRpc.methods["listNotes"]?.id);
});

test.serial(
  "a service in a slot is found there by all who know of the slot, and by nobody else",
  async (t) => {
    const slotted = { ...YoungRpc, wellKnown: 20 };
    const handler = new YoungBoard();
    await withBoard({ spec: slotted, handler }, async (client) => {
      const knows = createClient(slotted, client, address);
      t.is((await knows.post({ note: { id: "1" } })).count, 1);
      const board = createClient(YoungRpc, client, address);
      const error = await t.throwsAsync(board.post({ note: { id: "1" } }));
      t.true(isRpcError(error, "unimplemented"));
    });
  },
);

test.serial(
  "a declared error that has grown is still told apart by old clients",
  async (t) => {
    const handler = new YoungBoard(0);
    await withBoard({ spec: YoungRpc, handler }, async (client) => {
      const note = { id: "1" };
      const board = createClient(OldRpc, client, address);
      const error = await t.throwsAsync(board.post({ note }));
      const known = declaredError(error, board.post);
      t.is(known?.room, 0);
      t.deepEqual(
        known?.$unknown?.map(({ no }) => no),
        [2],
      );
      const later = createClient(YoungRpc, client, address);
      const same = await t.throwsAsync(later.post({ note }));
      t.is(declaredError(same, later.post)?.retryMs, 500);
    });
  },
);

test.serial(
  "a stream that an old relay passes on arrives whole, an item at a time",
  async (t) => {
    const handler = new YoungBoard();
    await withBoard({ spec: YoungRpc, handler }, async (client, world) => {
      const home = world.providers("10.0.1.3");
      const ends = { address: "10.0.1.3:4500", to: address };
      const relay = { spec: OldRpc, between: oldRelay, ...ends };
      await using _ = await serveRelay(home, relay);
      const board = createClient(YoungRpc, client, ends.address);
      await board.post({ note });
      await board.post({ note: { ...note, id: "2" } });
      const read: young.Note[] = [];
      for await (const response of board.read({}))
        if (response.note !== undefined) read.push(response.note);
      const written = [note, { ...note, id: "2" }].map((each) =>
        create(young.NoteSchema, each),
      );
      t.deepEqual(read, written);
    });
  },
);

for (const [name, codec, left] of [
  ["protobufCodec keeps fields and values of enums", protobufCodec, note],
  [
    "JsonCodec drops fields and values of enums",
    new JsonCodec(),
    { id: "1", text: "hello" },
  ],
] as const) {
  test(`${name} that one side does not know`, (t) => {
    const there = codec.decode(
      old.NoteSchema,
      codec.encode(young.NoteSchema, note),
    );
    t.is(there.text, "hello");
    const back = codec.decode(
      young.NoteSchema,
      codec.encode(old.NoteSchema, there),
    );
    t.true(equals(young.NoteSchema, back, create(young.NoteSchema, left)));
  });
}
