/** What becomes of bytes. */
import { isNetworkError } from "../../src/core/index.ts";
import {
  connect,
  drain,
  ipA,
  ipB,
  pattern,
  watch,
  worldOf,
} from "../sim/support.ts";
import type { Defect } from "./defect.ts";

export const streamDefects: readonly Defect[] = [
  {
    holds:
      "a partition tears no hole into a stream, and an end does not pass it either",
    numbers: ["simulator 6", "network 2"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        const draining = drain(server);
        const told = watch(draining);
        await client.write(pattern(100));
        world.network.partition(ipA, ipB);
        await client.write(pattern(100, 100));
        client.end();
        await world.time.sleep(1_000);
        t.false(told.settled, "an end that passes would end the stream here");
        world.network.heal(ipA, ipB);
        t.deepEqual(await draining, { bytes: pattern(200), end: "end" });
      });
    },
    mutants: [
      {
        file: "sim/network/pipe",
        from: "forth.hold(this.receiver, arrive, this);",
        to: "this.#takeNext();",
      },
    ],
  },
  {
    holds: "an end alone is held by a partition like bytes",
    numbers: ["network 2"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        world.network.partition(ipA, ipB);
        client.end();
        const reading = server.read();
        const told = watch(reading);
        await world.time.sleep(1_000);
        t.false(told.settled);
        world.network.heal(ipA, ipB);
        t.is(await reading, undefined);
      });
    },
    mutants: [
      {
        file: "sim/network/pipe",
        from: "if (forth.blocked) {",
        to: "if (forth.blocked && this.#next !== undefined) {",
      },
    ],
  },
  {
    holds: "a reset is no end of the stream, and what had arrived can be read",
    numbers: ["simulator 4", "network 8"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        await client.write(pattern(10));
        await world.time.sleep(100);
        client.reset();
        await world.time.sleep(100);
        const { bytes, end } = await drain(server);
        t.deepEqual(bytes, pattern(10));
        t.true(isNetworkError(end, "reset"));
        const writing: unknown = await server
          .write(pattern(1))
          .catch((error: unknown) => error);
        t.true(isNetworkError(writing, "reset"));
      });
    },
    mutants: [
      {
        file: "sim/network/inbox",
        from: "this.#reject?.(error);",
        to: "this.#next = undefined;\n        this.#behind = undefined;\n        this.#reject?.(error);",
      },
      {
        file: "sim/network/inbox",
        from: 'if (typeof this.#last === "object")',
        to: "if (false)",
      },
    ],
  },
  {
    holds: "an end that has ended its own stream goes on reading",
    numbers: ["simulator 4", "network 8"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        await client.write(pattern(4));
        client.end();
        t.deepEqual((await drain(server)).bytes, pattern(4));
        await server.write(pattern(9));
        server.end();
        t.deepEqual(await drain(client), { bytes: pattern(9), end: "end" });
      });
    },
    mutants: [
      {
        file: "sim/network/connection",
        from: 'this.#sending = "ended";\n        this.#outgoing.end();',
        to: 'this.#sending = "ended";\n        this.#inbox.end();\n        this.#outgoing.end();',
      },
    ],
  },
  {
    holds:
      "a write of more than 64 KiB completes, and a slow reader slows the writer down",
    numbers: ["simulator 5", "network 7"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        const writing = client.write(pattern(300_000));
        const told = watch(writing);
        await world.time.sleep(1_000);
        t.false(told.settled, "there is no room yet");
        let got = 0;
        while (got < 300_000) got += (await server.read())?.length ?? Infinity;
        await writing;
        t.is(got, 300_000);
      });
    },
    mutants: [
      {
        file: "sim/network/room",
        from: "return this.#writers.wait();",
        to: "return roomLeft;",
      },
      {
        file: "sim/network/room",
        from: "back.carry(sender.incarnation, arrive, this);",
        to: "",
      },
    ],
  },
  {
    holds: "bytes for a peer that has closed are answered by a reset",
    numbers: ["network 8"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        server.close();
        await client.write(pattern(10));
        await world.time.sleep(100);
        const { end } = await drain(client);
        t.true(end === "end" || isNetworkError(end, "reset"));
        const writing: unknown = await client
          .write(pattern(1))
          .catch((error: unknown) => error);
        t.true(isNetworkError(writing, "reset"));
      });
    },
    mutants: [
      {
        file: "sim/network/pipe",
        from: "this.#observer?.unwanted();",
        to: ";",
      },
    ],
  },
  {
    holds: "a writer who waits for room is woken by a reset",
    numbers: ["network 8"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        const writing = client
          .write(pattern(200_000))
          .catch((error: unknown) => error);
        await world.time.sleep(100);
        server.reset();
        t.true(isNetworkError(await writing, "reset"));
      });
    },
    mutants: [
      {
        file: "sim/network/connection",
        from: "this.#outgoing.failSender(error);",
        to: "",
      },
    ],
  },
  {
    holds: "every chunk of a burst pays its latency",
    numbers: ["network 7"],
    check: async (t) => {
      const world = worldOf({ network: { latencyMs: [5, 5] } });
      await world.run(async () => {
        const { client, server } = await connect(world);
        const startMs = world.nowMs;
        for (let part = 0; part < 3; part += 1)
          await client.write(pattern(1, part));
        await server.read();
        t.true(world.nowMs - startMs >= 5 - 1e-9, "the first one too");
      });
    },
    mutants: [
      {
        file: "sim/network/pipe",
        from: "this.#lastArrivalMicros = forth.carry(receiver, arrive, this, notBefore);",
        to: "this.#lastArrivalMicros = forth.carry(receiver, arrive, this, notBefore);\n        if (this.#behind !== undefined && this.#behind.size > 0) this.arrive();",
      },
    ],
  },
];
