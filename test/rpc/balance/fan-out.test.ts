/** Asking several servers the same. */
import test from "ava";

import { InsufficientFundsSchema } from "../../../gen/bank/v1/bank_pb.ts";
import { StatusSchema } from "../../../gen/wavetank/rpc/v1/status_pb.ts";
import {
  createClient,
  errorDetail,
  fanOut,
  fanOutSettled,
  findDetail,
  RpcError,
} from "../../../src/rpc/index.ts";
import { NotesRpc, type NotesClient } from "../notes.ts";
import {
  after,
  ending,
  type Hall,
  type HallOptions,
  inHall,
  leftovers,
  never,
  nothing,
} from "./hall.ts";

type Write = NotesClient["write"];

/** The same method of each server. */
function writes({ client, counters }: Hall): Write[] {
  return counters.map(
    ({ address }) => createClient(NotesRpc, client, address).write,
  );
}

/** Five servers: the first answers after 10 ms, the second after 20 … */
const staggered: HallOptions = {
  count: 5,
  handler: (index, world) => ({
    write: after(world, () => (index + 1) * 10),
  }),
};

const funds = errorDetail(InsufficientFundsSchema, { cents: 3n });
const broke = (): never => {
  throw new RpcError("failed_precondition", "not enough", { details: [funds] });
};

test.serial(
  "a fan-out has its answers as soon as enough came, and recalls the rest",
  async (t) => {
    await inHall(staggered, async (hall) => {
      await Promise.all(writes(hall).map((write) => write({})));
      for (const [required, count, tookMs] of [
        [1, 1, 10],
        ["majority", 3, 30],
        [4, 4, 40],
        ["all", 5, 50],
      ] as const) {
        const before = hall.world.nowMs;
        const result = await fanOut(writes(hall), {}, { required });
        const ms = hall.world.nowMs - before;
        t.true(ms >= tookMs && ms < tookMs + 8, `${required}: ${ms}`);
        t.is(result.responses.length, count);
        t.deepEqual(
          result.outcomes.map(({ kind }) => kind),
          [0, 1, 2, 3, 4].map((at) => (at < count ? "answered" : "recalled")),
        );
        t.deepEqual(leftovers(hall), nothing);
      }
    });
  },
);

test.serial(
  "a fan-out fails as soon as enough cannot answer any more",
  async (t) => {
    const handler: HallOptions["handler"] = (index) => ({
      write: index < 2 ? broke : never,
    });
    await inHall({ handler, count: 5 }, async (hall) => {
      const before = hall.world.nowMs;
      const call = fanOut(writes(hall), {}, { required: 4, timeoutMs: 60_000 });
      const error = await t.throwsAsync(call, { instanceOf: RpcError });
      t.true(hall.world.nowMs - before < 50);
      t.is(`${error.code} ${error.delivery}`, "failed_precondition maybe");
      t.is(findDetail(error, StatusSchema)?.message, "not enough");
      t.is(findDetail(error, InsufficientFundsSchema)?.cents, 3n);
      const { errors } = error.cause as AggregateError;
      t.deepEqual(
        (errors as RpcError[]).map(({ code }) => code),
        ["failed_precondition", "failed_precondition"],
      );
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "failures that differ are unavailable, with all of them in the details",
  async (t) => {
    const handler: HallOptions["handler"] = (index) => ({
      ...(index === 0 ? { write: broke } : {}),
    });
    await inHall({ handler }, async (hall) => {
      hall.world.kill("10.0.1.2");
      const call = fanOut(writes(hall), {}, { required: "majority" });
      const error = await t.throwsAsync(call, { instanceOf: RpcError });
      t.is(`${error.code} ${error.delivery}`, "unavailable maybe");
      t.is(error.details.length, 2);
      t.regex(error.message, /2 of 3 calls failed and 2 must be answered/);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial("when nobody was reached a fan-out was not sent", async (t) => {
  await inHall({ count: 0 }, async ({ client }) => {
    const methods = ["10.0.1.1:1", "10.0.1.2:1"].map(
      (address) => createClient(NotesRpc, client, address).write,
    );
    const call = ending(fanOut(methods, {}, { required: 1 }));
    t.is(await call, "unavailable not_sent");
  });
});

test.serial(
  "a fan-out keeps its deadline, and ends with its caller's signal",
  async (t) => {
    await inHall({ handler: () => ({ write: never }) }, async (hall) => {
      const before = hall.world.nowMs;
      const late = fanOut(writes(hall), {}, { required: 1, timeoutMs: 70 });
      t.is(await ending(late), "deadline_exceeded maybe");
      t.is(Math.round(hall.world.nowMs - before), 70);
      const controller = new AbortController();
      const terms = { required: 2, signal: controller.signal };
      const left = ending(fanOut(writes(hall), {}, terms));
      await hall.sleep(100);
      controller.abort(new Error("changed my mind"));
      t.is(await left, "cancelled maybe");
      const ran = hall.counters.map((one) => one.ran.write);
      t.is(await ending(fanOut(writes(hall), {}, terms)), "cancelled not_sent");
      await hall.sleep(100);
      t.deepEqual(
        hall.counters.map((one) => one.ran.write),
        ran,
      );
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial(
  "a fan-out that waits for everybody tells what became of each",
  async (t) => {
    const handler: HallOptions["handler"] = (index) => ({
      ...(index === 1 ? { write: broke } : {}),
    });
    await inHall({ handler }, async (hall) => {
      const outcomes = await fanOutSettled(writes(hall), { account: "ab" });
      t.deepEqual(
        outcomes.map((outcome) =>
          outcome.kind === "answered" ? outcome.response.cents : outcome.kind,
        ),
        [2n, "failed", 2n],
      );
      t.deepEqual(await fanOutSettled([], {}), []);
      t.deepEqual(leftovers(hall), nothing);
    });
  },
);

test.serial("a fan-out refuses what cannot be", async (t) => {
  await inHall({}, async (hall) => {
    for (const required of [0, 4, 1.5, Number.NaN])
      t.throws(() => fanOut(writes(hall), {}, { required }), {
        instanceOf: RangeError,
        message: /from 1 to the 3 that are asked/,
      });
    t.throws(() => fanOut([], {}, { required: "all" }), {
      instanceOf: RangeError,
      message: /at least one method/,
    });
    const bad = { required: 1, timeoutMs: 0 };
    await t.throwsAsync(fanOut(writes(hall), {}, bad), {
      instanceOf: RangeError,
    });
    t.deepEqual(leftovers(hall), nothing);
  });
});
