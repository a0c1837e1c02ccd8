/** Compiled with the generated code, and run: what was generated is served and called. */
import {
  createClient,
  declaredError,
  errorDetail,
  isRpcError,
  NetTransport,
  RpcError,
  serve,
} from "wavetank";
import { SimWorld } from "wavetank/sim";

import { Parcel_TooHeavySchema, Size } from "./edition2023_pb.ts";
import {
  type ParcelServiceHandler,
  ParcelServiceRpc,
} from "./edition2023_rpc.ts";
import { NoStampSchema, Urgency } from "./edition2024_pb.ts";
import {
  type LetterServiceHandler,
  LetterServiceRpc,
} from "./edition2024_rpc.ts";
import { ForbiddenSchema } from "./golden_shared_pb.ts";
import { type NoteServiceHandler, NoteServiceRpc } from "./options_rpc.ts";
import { ArchiveServiceRpc } from "./proto2_rpc.ts";
import { FellBehindSchema } from "./streams_pb.ts";
import { type FeedServiceHandler, FeedServiceRpc } from "./streams_rpc.ts";

const address = "10.0.1.1:4500";

/** Run a test in a world with a server and a client. What it tells is in the order in which it happened. */
async function inWorld(
  main: (
    server: NetTransport,
    client: NetTransport,
    tell: (what: string) => void,
  ) => Promise<void>,
): Promise<string[]> {
  const told: string[] = [];
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const home = world.providers("10.0.1.1");
    const server = await NetTransport.listen(home, address);
    const client = NetTransport.client(world.providers("10.0.1.2"));
    await main(server, client, (what) => told.push(what));
    await client.close();
    await server.close();
  });
  return told;
}

const feedHandler: FeedServiceHandler = {
  async *follow({ forbidden }) {
    yield { what: "one" };
    yield { what: "two" };
    if (forbidden !== undefined)
      throw new RpcError("data_loss", "too slow", {
        details: [errorDetail(FellBehindSchema, { by: 7 })],
      });
  },
  async report(requests) {
    let count = 0;
    for await (const { what } of requests) count += what.length;
    return { count };
  },
  async *discuss(requests) {
    for await (const { text } of requests) yield { text: `${text}?` };
  },
  count() {
    const details = [errorDetail(ForbiddenSchema, { who: "you" })];
    throw new RpcError("permission_denied", "no", { details });
  },
};

/** Streams of every kind, and the errors that they declare. */
export function runStreams(): Promise<string[]> {
  return inWorld(async (server, client, tell) => {
    serve(server, FeedServiceRpc, feedHandler);
    const feed = createClient(FeedServiceRpc, client, address);
    for await (const { what } of feed.follow({})) tell(what);
    async function* words() {
      yield { what: "three", text: "three" };
      yield { what: "four", text: "four" };
    }
    tell(`${(await feed.report(words())).count} letters`);
    for await (const { text } of feed.discuss(words())) tell(text);
    try {
      for await (const { what } of feed.follow({ forbidden: {} })) tell(what);
    } catch (error) {
      tell(`behind by ${declaredError(error, feed.follow)?.by}`);
    }
    try {
      await feed.count({});
    } catch (error) {
      tell(`forbidden to ${declaredError(error, feed.count)?.who}`);
    }
  });
}

const parcelHandler: ParcelServiceHandler = {
  take: ({ parcel }) => {
    if (parcel === undefined || parcel.grams < 1_000) return {};
    const details = [
      errorDetail(Parcel_TooHeavySchema, { grams: parcel.grams }),
    ];
    throw new RpcError("invalid_argument", "too heavy", { details });
  },
  async *give({ sizes }) {
    for (const [name, size] of Object.entries(sizes))
      yield { name, size, label: { text: "fragile" }, stamps: [1, 2] };
  },
};

/** Features of edition 2023 on the wire: closed enums, delimited messages, required fields. */
export function runEdition2023(): Promise<string[]> {
  return inWorld(async (server, client, tell) => {
    serve(server, ParcelServiceRpc, parcelHandler);
    const parcels = createClient(ParcelServiceRpc, client, address);
    const sizes = { a: Size.SMALL, b: Size.LARGE };
    for await (const parcel of parcels.give({ sizes })) {
      const { name, size, label, stamps, grams } = parcel;
      tell([name, size, label?.text, stamps.join("+"), grams].join(" "));
    }
    await parcels.take({ parcel: { size: Size.SMALL } });
    try {
      await parcels.take({ parcel: { size: Size.LARGE, grams: 5_000 } });
    } catch (error) {
      tell(`${declaredError(error, parcels.take)?.grams} grams`);
    }
    try {
      await parcels.take({ parcel: { name: "no size" } });
    } catch (error) {
      if (!isRpcError(error)) throw error;
      tell(`${error.code}, ${error.delivery}`);
    }
  });
}

const letterHandler: LetterServiceHandler = {
  post: ({ letter }) => {
    if (letter !== undefined) return {};
    const details = [errorDetail(NoStampSchema, {})];
    throw new RpcError("failed_precondition", "no letter", { details });
  },
  async *correspond(requests) {
    for await (const { letter } of requests)
      yield { letter: { text: `re: ${letter?.text}` } };
  },
};

/** A service of edition 2024, in a slot of the small table. */
export function runEdition2024(): Promise<string[]> {
  return inWorld(async (server, client, tell) => {
    serve(server, LetterServiceRpc, letterHandler);
    const letters = createClient(LetterServiceRpc, client, address);
    async function* written() {
      yield { letter: { text: "hello", urgency: Urgency.UNSPECIFIED } };
    }
    for await (const { letter } of letters.correspond(written()))
      tell(`${letter?.text} ${letter?.urgency}`);
    try {
      await letters.post({});
    } catch (error) {
      tell(`${declaredError(error, letters.post)?.$typeName}`);
    }
  });
}

/** Required fields and a group of proto2. */
export function runProto2(): Promise<string[]> {
  return inWorld(async (server, client, tell) => {
    serve(server, ArchiveServiceRpc, {
      archive: ({ pages, chapter }) => ({
        number: BigInt(pages + chapter.length),
      }),
    });
    const archive = createClient(ArchiveServiceRpc, client, address);
    const chapter = [{ title: "one" }, { title: "two" }];
    tell(`${(await archive.archive({ name: "a", chapter })).number}`);
    try {
      await archive.archive({});
    } catch (error) {
      if (!isRpcError(error)) throw error;
      tell(`${error.code}, ${error.delivery}`);
    }
  });
}

/** Options: one way, and a reply that is kept. */
export function runOptions(): Promise<string[]> {
  return inWorld(async (server, client, tell) => {
    const handler: NoteServiceHandler = {
      drop: () => tell("dropped"),
      write: ({ forbidden }) => {
        tell(`written by ${forbidden?.who}`);
        return {};
      },
    };
    serve(server, NoteServiceRpc, handler);
    const notes = createClient(NoteServiceRpc, client, address);
    tell(`answers ${notes.drop({})}`);
    await notes.write({ forbidden: { who: "me" } });
  });
}
