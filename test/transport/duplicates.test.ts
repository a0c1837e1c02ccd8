import test from "ava";

import { Endpoint } from "../../src/core/index.ts";
import { listenToAssertions } from "../../src/assertions/index.ts";
import {
  DuplicateFilter,
  type DuplicateFilterOptions,
  type NetTransport,
  type ReplyPromise,
} from "../../src/transport/index.ts";
import { bytes, echo, failure, inTank, type Tank } from "./tank.ts";

const filtered: Endpoint = new Endpoint(echo.address, echo.token.adjusted(1));

/** A receiver that counts, and that answers with the count when it is told to. */
class Counter {
  count = 0;
  readonly promises: ReplyPromise[] = [];
  answersAtOnce = true;

  receive(promise: ReplyPromise): void {
    this.count += 1;
    if (this.answersAtOnce) promise.send(bytes(this.count));
    else this.promises.push(promise);
  }
}

interface Scene extends Tank {
  readonly counter: Counter;
  readonly filter: DuplicateFilter;
}

function withFilter(
  options: DuplicateFilterOptions,
  main: (scene: Scene) => Promise<void>,
): Promise<unknown> {
  return inTank({}, async (tank) => {
    const counter = new Counter();
    const filter = new DuplicateFilter(tank.server, counter, options);
    tank.server.register(filtered.token, filter);
    await main({ ...tank, counter, filter });
  });
}

/** While `work` runs, every request that may run twice is sent twice. */
async function sendingTwice<T>(work: () => Promise<T>): Promise<T> {
  const before = listenToAssertions({
    observe: () => undefined,
    knob: () => undefined,
    buggify: (site) => site === "transport: a request is sent twice",
  });
  try {
    return await work();
  } finally {
    listenToAssertions(before);
  }
}

const ask = (client: NetTransport, id = 0): Promise<Uint8Array> =>
  client.getReply(filtered, bytes(id));

test.serial(
  "without a filter a request that is sent twice runs twice",
  async (t) => {
    const counter = new Counter();
    await inTank({ receive: (promise) => counter.receive(promise) }, (tank) =>
      sendingTwice(async () => {
        t.deepEqual(await tank.client.getReply(echo, bytes(0)), bytes(1));
        await tank.sleep(100);
        t.is(counter.count, 2);
        t.is(tank.client.metrics().repliesUnexpected, 1);
      }),
    );
  },
);

test.serial("a filter lets each request run once", async (t) => {
  await withFilter({}, ({ client, counter, filter, sleep }) =>
    sendingTwice(async () => {
      for (let count = 1; count <= 10; count += 1)
        t.deepEqual(await ask(client), bytes(count));
      await sleep(100);
      t.is(counter.count, 10);
      t.is(client.metrics().repliesUnexpected, 10, "each was answered twice");
      t.is(filter.size, 10);
    }),
  );
});

test.serial(
  "a request that comes again over a new connection is given the first answer",
  async (t) => {
    await withFilter({}, async ({ client, counter, network, sleep }) => {
      counter.answersAtOnce = false;
      const reply = ask(client);
      await sleep(100);
      network.circuits[0]?.client.reset();
      await sleep(2_000);
      t.is(counter.count, 1, "it waits for the answer to the first");
      counter.promises[0]?.send(bytes(42));
      t.deepEqual(await reply, bytes(42));
    });
  },
);

test.serial("a broken promise is tried again", async (t) => {
  await withFilter({}, async ({ client, counter, sleep }) => {
    counter.answersAtOnce = false;
    const reply = ask(client);
    await sleep(100);
    counter.promises[0]?.[Symbol.dispose]();
    counter.answersAtOnce = true;
    t.deepEqual(await reply, bytes(2));
  });
});

test.serial(
  "an answer is kept until its caller has given up, and for a while longer",
  async (t) => {
    await withFilter({ lateMs: 5_000 }, async (scene) => {
      const { client, filter, sleep } = scene;
      await ask(client);
      await sleep(14_000);
      t.is(filter.size, 1);
      t.is(filter.bytes, 1);
      await sleep(1_100);
      t.is(filter.size, 0);
      t.is(filter.bytes, 0);
    });
  },
);

test.serial(
  "a filter that is full turns newcomers away, and forgets nobody",
  async (t) => {
    await withFilter({ countMax: 2 }, ({ client, counter, filter, sleep }) =>
      sendingTwice(async () => {
        await ask(client);
        await ask(client);
        t.deepEqual(await failure(ask(client)), ["overloaded", "answered"]);
        await sleep(100);
        t.is(counter.count, 2);
        t.is(filter.size, 2);
      }),
    );
  },
);

test.serial(
  "a filter keeps answers, and not the larger memory that they were cut from",
  async (t) => {
    await inTank({}, async ({ server, client }) => {
      const large = new Uint8Array(1_000_000);
      const receive = (promise: ReplyPromise): void =>
        promise.send(large.subarray(7, 8));
      const filter = new DuplicateFilter(server, { receive });
      const repeated: Uint8Array[] = [];
      server.register(filtered.token, {
        receive(promise) {
          const { repeat } = promise;
          promise.repeat = (answer) => {
            repeated.push(answer.body);
            repeat.call(promise, answer);
          };
          filter.receive(promise);
        },
      });
      await sendingTwice(async () => {
        t.deepEqual(await ask(client), bytes(0));
        await ask(client);
      });
      t.true(repeated.length > 0);
      for (const { buffer } of repeated) t.true(buffer.byteLength <= 65_536);
      filter.clear();
    });
  },
);

test.serial(
  "what is forgotten while it is worked on leaves nothing behind, and spares what comes in its place",
  async (t) => {
    await withFilter({}, async ({ client, server, counter, filter, world }) => {
      counter.answersAtOnce = false;
      const first = ask(client);
      await world.time.sleep(100);
      filter.clear();
      world.network.circuits[0]?.client.reset();
      await world.time.sleep(1_000);
      t.is(counter.count, 2, "it is known no more, so it runs again");
      const [old, fresh] = counter.promises;
      old!.send(bytes(1));
      t.deepEqual([filter.size, filter.bytes], [1, 0]);
      t.is(server.metrics().deadlineCount, 0);
      fresh!.send(bytes(2));
      t.deepEqual(await first, bytes(2));
      t.deepEqual([filter.size, filter.bytes], [1, 1]);
    });
  },
);

test.serial(
  "whoever gives up a repetition gives up the request, however often it came",
  async (t) => {
    await withFilter({}, async ({ client, counter, world }) => {
      counter.answersAtOnce = false;
      const giveUp = new AbortController();
      const { signal } = giveUp;
      const asked = sendingTwice(async () => {
        const reply = client.getReply(filtered, bytes(0), { signal });
        await world.time.sleep(100);
        giveUp.abort();
        return failure(reply);
      });
      await asked;
      await world.time.sleep(100);
      t.is(counter.count, 1);
      t.true(counter.promises[0]!.cancelled);
      counter.promises[0]!.send(bytes(1));
      t.is(client.metrics().repliesUnexpected, 0);
    });
  },
);

test.serial("a filter refuses options that make no sense", async (t) => {
  await inTank({}, async ({ server }) => {
    for (const options of [{ countMax: 0 }, { lateMs: -1 }, { cuontMax: 1 }])
      t.throws(() => new DuplicateFilter(server, new Counter(), options));
  });
});
