/** What balanced calls promise in any case. */
import type { SimWorld } from "../../src/sim/index.ts";
import {
  after,
  ending,
  type Hall,
  type HallOptions,
  inHall,
  leftovers,
  never,
  nothing,
  ranIn,
  resetAll,
  sums,
} from "../rpc/balance/hall.ts";
import { balancing } from "../rpc/balance/suite/index.ts";
import type { Defect } from "./defect.ts";
import { survives } from "./survives.ts";

export const balancingDefects: readonly Defect[] = [
  {
    holds:
      "a balanced call that may have run is not made again, unless it may run twice",
    numbers: [],
    check: async (t) => {
      const handler = (): object => ({ write: never, read: never });
      await inHall({ handler }, async (hall) => {
        const { write, read } = hall.notes;
        for (const [method, count] of [
          [write, 1],
          [read.tryGetReply, 1],
          [write.getReply, 2],
        ] as const) {
          const before = ranIn(hall);
          const call = ending(method({}, { timeoutMs: 2_000 }));
          await hall.sleep(1_000);
          resetAll(hall);
          const wanted = count === 1 ? "unavailable" : "deadline_exceeded";
          t.is(await call, `${wanted} maybe`);
          t.is(ranIn(hall) - before, count);
        }
        t.deepEqual(leftovers(hall), nothing);
      });
    },
    mutants: [
      {
        file: "rpc/balance/verdict",
        from: "? mayRunTwice\n            ?",
        to: "? true\n            ?",
      },
    ],
  },
  {
    holds: "all requests of a balanced call share its deadline",
    numbers: [],
    check: async (t) => {
      const balance = { backup: false } as const;
      const handler = (): object => ({ read: never });
      await inHall({ handler, balance }, async (hall) => {
        const before = hall.world.nowMs;
        const call = ending(hall.notes.read({}, { timeoutMs: 5_000 }));
        for (let count = 0; count < 4; count += 1) {
          await hall.sleep(1_000);
          resetAll(hall);
        }
        t.is(await call, "deadline_exceeded maybe");
        t.is(Math.round(hall.world.nowMs - before), 5_000);
        t.true(ranIn(hall) >= 3);
        t.deepEqual(leftovers(hall), nothing);
      });
    },
    mutants: [
      {
        file: "rpc/balance/balanced-call",
        from: "timeoutMs: remainingMs",
        to: "timeoutMs: this.#question.timeoutMs",
      },
    ],
  },
  {
    holds:
      "a request that may have run leaves its call in doubt, whatever the next ones met",
    numbers: [],
    check: async (t) => {
      const handler = (): object => ({ read: never });
      await inHall({ count: 1, handler }, async (hall) => {
        const terms = { failedForMs: 2_000, timeoutMs: 60_000 };
        const call = hall.notes.read.getReplyUnlessFailedFor({}, terms);
        await hall.sleep(100);
        hall.pool.update(["10.0.1.1:4500", "10.0.1.9:4500"]);
        hall.world.kill("10.0.1.1");
        t.is(await ending(call), "unavailable maybe");
        t.deepEqual(leftovers(hall), nothing);
      });
    },
    mutants: [
      {
        file: "rpc/balance/outcome-of-tries",
        from: "rank[error.delivery] > rank[this.#delivery]",
        to: "true",
      },
    ],
  },
  {
    holds: "the request that loses a race is cancelled at once, and for good",
    numbers: [],
    check: async (t) => {
      let isStuck = false;
      const read = (): Promise<object> =>
        isStuck ? never() : Promise.resolve({});
      const handler = (index: number): object => (index === 0 ? { read } : {});
      await inHall({ handler, count: 2 }, async (hall) => {
        for (let count = 0; count < 400; count += 1) {
          isStuck = count > 100;
          await hall.notes.read({}, { timeoutMs: 10_000 });
          t.is(hall.client.metrics().callCount, 0);
        }
        t.true(sums(hall).backupsWon > 0);
        t.deepEqual(leftovers(hall), nothing);
      });
    },
    mutants: [
      {
        file: "rpc/balance/tries",
        from: "attempt.controller?.abort(recalled());",
        to: "",
      },
    ],
  },
  {
    holds:
      "only what the contract allows to run twice is asked of two servers at once",
    numbers: [],
    check: async (t) => {
      await inHall({}, async (hall) => {
        const { notes } = hall;
        for (let count = 0; count < 200; count += 1) await notes.read({});
        const before = sums(hall).backups;
        stallAll(hall);
        const terms = { timeoutMs: 10_000 };
        const asked = [
          notes.write({}, terms),
          notes.write.getReply({}, terms),
          notes.write.getReplyUnlessFailedFor(
            {},
            { ...terms, failedForMs: 900 },
          ),
          notes.read.tryGetReply({}, terms),
        ];
        for (const call of asked) t.is(await ending(call), "ok");
        t.is(sums(hall).backups, before);
        stallAll(hall);
        t.is(await ending(notes.read({}, terms)), "ok");
        t.is(sums(hall).backups, before + 1);
        t.deepEqual(leftovers(hall), nothing);
      });
    },
    mutants: [
      {
        file: "rpc/balance/balanced-client",
        from: 'mayRunTwice && method.delivery === "at_least_once"',
        to: "mayRunTwice",
      },
      {
        file: "rpc/balance/balanced-client",
        from: 'mayRunTwice && method.delivery === "at_least_once"',
        to: 'method.delivery === "at_least_once"',
      },
    ],
  },
  {
    holds: "backups are rare when all is well, and bounded when all are slow",
    numbers: [],
    check: async (t) => {
      const backupsIn = async (
        latencyMs: (world: SimWorld) => number,
      ): Promise<number> => {
        let count = 0;
        const handler: HallOptions["handler"] = (_, world) => ({
          read: after(world, () => latencyMs(world)),
        });
        await inHall({ handler }, async (hall) => {
          const caller = async (): Promise<void> => {
            for (let at = 0; at < 50; at += 1)
              await hall.notes.read({}, { timeoutMs: 60_000 });
          };
          await Promise.all(Array.from({ length: 20 }, caller));
          count = hall.pool.metrics().backups;
          t.is(sums(hall).requests, 1_000 + count);
          t.deepEqual(leftovers(hall), nothing);
        });
        return count;
      };
      t.true((await backupsIn(() => 5)) < 20);
      // Each server is slow now and then, so that another one is always worth a try.
      const uneven = await backupsIn((world) =>
        world.random("work").bool(0.5) ? 5 : 500,
      );
      t.true(uneven > 30);
      // One to begin with, and a share of 0.05 for each first answer.
      t.true(uneven <= 51);
    },
    mutants: [
      {
        file: "rpc/balance/backup-budget",
        from: "if (this.#saved < 1)",
        to: "if (false)",
      },
    ],
  },
  {
    holds: "a server that stands still is not taken for one that has time",
    numbers: [],
    check: async (t) => {
      await inHall({}, async (hall) => {
        const { notes, pool, world } = hall;
        for (let count = 0; count < 300; count += 1) await notes.read({});
        const before = pool.metrics();
        world.stall("10.0.1.1", 1_000);
        const untilMs = world.nowMs + 900;
        while (world.nowMs < untilMs) await notes.read({});
        const { endpoints, backups } = pool.metrics();
        const [still] = endpoints;
        const asked =
          (still?.requests ?? 0) - (before.endpoints[0]?.requests ?? 0);
        t.true(asked >= 1 && asked < 20, `${asked}`);
        t.true(backups - before.backups < 40, `${backups - before.backups}`);
      });
    },
    mutants: [
      {
        file: "rpc/balance/endpoint-load",
        from: "this.#overdue.add(request, nowMs);",
        to: "{}",
      },
    ],
  },
  {
    holds:
      "a balanced stream is of one server, in order and whole, counts as long as it lasts, and ends when it is left",
    numbers: [],
    check: survives(balancing, 12),
    mutants: [
      // It is tried again at another server.
      {
        file: "rpc/balance/balanced-stream",
        from: "return this.#items.next().then(this.#took, this.#broke);",
        to: "return this.#items.next().then(this.#took, () => (this.#items = itemsOf(...this.#use.given), this.next()));",
        also: {
          file: "rpc/balance/balanced-stream",
          from: "const use = new Use(clients, key);\n    try {",
          to: "const use = new Use(clients, key);\n    use.given = [clients, key, given];\n    try {",
        },
      },
      // Items go to whoever asks next.
      {
        file: "rpc/balance/balanced-stream",
        from: "return result;",
        to: "const last = BusyStream.last; if (!result.done) BusyStream.last = result; return result.done ? result : (last ?? result);",
      },
      // A stream that breaks looks whole.
      {
        file: "transport/streams/stream-call",
        from: 'this.items?.fail(error, isOurs(error) ? "drop" : "keep");',
        to: "this.items?.end();",
      },
      // A server stays busy with what is over.
      {
        file: "rpc/balance/balanced-stream",
        from: "if (result.done === true)",
        to: "if (false)",
      },
      // A server stays busy with what has failed.
      {
        file: "rpc/balance/balanced-stream",
        from: "#broke = (error) => {\n        this.#use[Symbol.dispose]();",
        to: "#broke = (error) => {",
      },
      // It is counted out twice.
      {
        file: "rpc/balance/balanced-stream",
        from: "this.#open = undefined;\n    }",
        to: "}",
      },
      // Whoever leaves waits for one more item.
      {
        file: "rpc/balance/balanced-stream",
        from: "await this.#items.return?.();",
        to: "await this.#items.next().catch(() => undefined);",
      },
      // The server hears nothing of its reader's leaving.
      {
        file: "transport/call",
        from: "this.sentOn?.send(cancelFrame(this));",
        to: "",
      },
      // What comes with the end is lost.
      {
        file: "rpc/balance/balanced-stream",
        from: "options?.onReplyMetadata?.(metadata);",
        to: "",
      },
    ],
  },
];

/** All servers stand still for two seconds. */
function stallAll({ counters, world }: Hall): void {
  for (const { ip } of counters) world.stall(ip, 2_000);
}
