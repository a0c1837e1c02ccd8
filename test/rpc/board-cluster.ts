/** Boards and relays of both versions in one simulated cluster, with clients of both that go every way there is. */
import {
  create,
  type DescMessage,
  equals,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";

import {
  createClient,
  isRpcError,
  type MessageCodec,
  NetTransport,
  type ServiceSpec,
} from "../../src/index.ts";
import {
  assertAlways,
  assertSometimes,
  type SimContext,
  SimulationBuilder,
  type Workload,
} from "../../src/sim.ts";
import * as old from "../contracts/v1/gen/board/v1/board_pb.ts";
import {
  type BoardServiceClient as OldClient,
  type BoardServiceHandler as OldHandler,
  BoardServiceRpc as OldRpc,
} from "../contracts/v1/gen/board/v1/board_rpc.ts";
import * as young from "../contracts/v2/gen/board/v1/board_pb.ts";
import {
  type BoardServiceClient as YoungClient,
  BoardServiceRpc as YoungRpc,
} from "../contracts/v2/gen/board/v1/board_rpc.ts";
import {
  boardPort,
  OldBoard,
  oldRelay,
  serveBoard,
  serveRelay,
  YoungBoard,
  youngRelay,
} from "./boards.ts";

/** Whom a client may ask: a board of either version, or a relay of one version before a board of the other. */
const ways = ["old", "young", "old-relay", "young-relay"] as const;
type Way = (typeof ways)[number];

export interface BoardClusterOptions {
  /** What the relay of the first version does. */
  readonly relay?: (to: OldClient) => OldHandler;
  readonly codec?: MessageCodec;
}

/** Both boards, both relays, a client of each version; the network breaks, and what was put up must be read back whole. */
export function boardCluster(
  name: string,
  { relay = oldRelay, codec }: BoardClusterOptions = {},
): SimulationBuilder {
  const address = (ctx: SimContext): string => ctx.address(boardPort);
  return new SimulationBuilder(name)
    .processes("old", {}, (ctx) => {
      const handler = new OldBoard();
      const board = { spec: OldRpc, handler, address: address(ctx), codec };
      return serveBoard(ctx.providers, board);
    })
    .processes("young", {}, (ctx) => {
      const handler = new YoungBoard();
      const board = { spec: YoungRpc, handler, address: address(ctx), codec };
      return serveBoard(ctx.providers, board);
    })
    .processes("old-relay", {}, (ctx) => {
      const ends = { address: address(ctx), to: addressOf(ctx, "young") };
      const between = { spec: OldRpc, between: relay, codec, ...ends };
      return serveRelay(ctx.providers, between);
    })
    .processes("young-relay", {}, (ctx) => {
      const ends = { address: address(ctx), to: addressOf(ctx, "old") };
      const between = { spec: YoungRpc, between: youngRelay, codec, ...ends };
      return serveRelay(ctx.providers, between);
    })
    .workload(() => new Visitor(oldTongue, codec))
    .workload(() => new Visitor(youngTongue, codec))
    .chaos({ network: "swarm" })
    .phases({ chaosMs: 20_000, recoveryMs: 60_000 })
    .requireSometimes();
}

function addressOf(ctx: SimContext, way: Way): string {
  return ctx.topology.addresses(way, boardPort)[0] ?? "";
}

/** What a client of one version says, and understands. */
interface Tongue<Client, Note extends DescMessage> {
  readonly name: string;
  readonly spec: ServiceSpec<Client>;
  readonly schema: Note;
  note(id: string): MessageInitShape<Note>;
  post(board: Client, note: MessageShape<Note>): Promise<unknown>;
  list(board: Client): Promise<{ notes: MessageShape<Note>[] }>;
}

const oldTongue: Tongue<OldClient, typeof old.NoteSchema> = {
  name: "old",
  spec: OldRpc,
  schema: old.NoteSchema,
  note: (id) => ({ id, text: `on ${id}`, kind: old.Kind.REMINDER }),
  post: (board, note) => board.post({ note }),
  list: (board) => board.list({}),
};

const youngTongue: Tongue<YoungClient, typeof young.NoteSchema> = {
  name: "young",
  spec: YoungRpc,
  schema: young.NoteSchema,
  note: (id) => ({
    id,
    text: `on ${id}`,
    kind: young.Kind.URGENT,
    author: { name: "alice", since: 1_999n },
    tags: ["red", id],
  }),
  post: (board, note) => board.post({ note }),
  list: (board) => board.listNotes({}),
};

/** Puts notes up by every way, and reads them back by the same. */
class Visitor<Client, Note extends DescMessage> implements Workload {
  readonly name: string;
  readonly #tongue: Tongue<Client, Note>;
  readonly #codec: MessageCodec | undefined;
  readonly #acknowledged = new Map<string, MessageShape<Note>>();

  constructor(tongue: Tongue<Client, Note>, codec: MessageCodec | undefined) {
    this.name = tongue.name;
    this.#tongue = tongue;
    this.#codec = codec;
  }

  async run(ctx: SimContext): Promise<void> {
    const transport = NetTransport.client(ctx.providers);
    for (let count = 0; count < 4; count += 1) {
      for (const way of ways) {
        const id = `${way} ${this.name} ${count}`;
        await this.#post(this.#board(ctx, transport, way), id);
      }
    }
    await transport.close();
  }

  async check(ctx: SimContext): Promise<void> {
    const transport = NetTransport.client(ctx.providers);
    for (const way of ways) {
      const board = this.#board(ctx, transport, way);
      const { notes } = await this.#tongue.list(board);
      this.#compare(way, notes);
    }
    await transport.close();
  }

  #board(ctx: SimContext, transport: NetTransport, way: Way): Client {
    const options = { codec: this.#codec };
    const { spec } = this.#tongue;
    return createClient(spec, transport, addressOf(ctx, way), options);
  }

  async #post(board: Client, id: string): Promise<void> {
    const { schema, note, post } = this.#tongue;
    const written = create(schema, note(id));
    try {
      await post(board, written);
    } catch (error) {
      if (!isRpcError(error)) throw error;
      return;
    }
    this.#acknowledged.set(id, written);
  }

  #compare(way: Way, notes: readonly MessageShape<Note>[]): void {
    const found = new Map(notes.map((note) => [idOf(note), note]));
    for (const [id, written] of this.#acknowledged) {
      if (!id.startsWith(`${way} `)) continue;
      const read = found.get(id);
      const whole =
        read !== undefined && equals(this.#tongue.schema, read, written);
      assertAlways(whole, "a note is read back whole", { id, read });
    }
    const isOfOther = (id: string): boolean => id.split(" ")[1] !== this.name;
    const others = [...found.keys()].filter(isOfOther);
    const side = `the ${this.name} read what the other side wrote`;
    assertSometimes(others.length > 0, side);
  }
}

function idOf(note: object): string {
  return (note as { id: string }).id;
}
