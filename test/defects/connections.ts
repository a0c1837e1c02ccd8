/** Who is connected to whom, and how one gets there. */
import { isNetworkError, type Connection } from "../../src/core/index.ts";
import {
  connect,
  drain,
  ipA,
  ipB,
  pattern,
  port,
  watch,
  worldOf,
} from "../sim/support.ts";
import type { Defect } from "./defect.ts";

export const connectionDefects: readonly Defect[] = [
  {
    holds: "partitions and distances reach connections that a provider made",
    numbers: ["simulator 1", "network 1"],
    check: async (t) => {
      const world = worldOf({
        network: { latencyMs: [1, 1], pairLatencyMs: [30, 30] },
      });
      await world.run(async () => {
        const { client, server } = await connect(world);
        t.deepEqual([client.local.ip, server.remote.ip], [ipB, ipB]);
        t.is(
          server.remote.key,
          client.local.key,
          "an accepted peer has a real address",
        );
        const startMs = world.nowMs;
        await client.write(pattern(1));
        await server.read();
        t.is(Math.round(world.nowMs - startMs), 31);
        world.network.partition(ipA, ipB);
        const reading = watch(server.read());
        await client.write(pattern(1));
        await world.time.sleep(1_000);
        t.false(reading.settled);
      });
    },
    mutants: [
      {
        file: "sim/network/provider",
        from: "const local = new NetworkAddress(ip, port);",
        to: 'const local = new NetworkAddress("127.9.9.9", port);',
      },
    ],
  },
  {
    holds: "a kill breaks the connections that the process opened, too",
    numbers: ["simulator 1", "network 1"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { server } = await connect(world);
        world.kill(ipB);
        t.true(isNetworkError((await drain(server)).end, "reset"));
      });
    },
    mutants: [
      {
        file: "sim/network/connection",
        from: "handle.own(this);",
        to: "if (parts.local.port < 40_000) handle.own(this);",
      },
    ],
  },
  {
    holds: "bind, connect, accept and read take their time",
    numbers: ["simulator 2", "network 6"],
    check: async (t) => {
      const world = worldOf({
        network: {
          latencyMs: [1, 1],
          bindMs: [5, 5],
          connectMs: [7, 7],
          acceptMs: [20, 20],
          readMs: [3, 3],
        },
      });
      await world.run(async () => {
        const listener = await world
          .providers(ipA)
          .network.bind(`${ipA}:${port}`);
        t.is(Math.round(world.nowMs), 5);
        const accepting = listener.accept().then((server) => {
          t.is(Math.round(world.nowMs), 32);
          return server;
        });
        const client = await world
          .providers(ipB)
          .network.connect(listener.address);
        t.is(Math.round(world.nowMs), 13);
        const server = await accepting;
        await client.write(pattern(1));
        await server.read();
        t.is(Math.round(world.nowMs), 36);
      });
    },
    mutants: [
      {
        file: "sim/network/connect",
        from: "engine.nowMicros + toMicros(extraMs)",
        to: "engine.nowMicros",
      },
      {
        file: "sim/network/inbox",
        from: "if (readMs[1] > 0)",
        to: "if (false)",
      },
    ],
  },
  {
    holds:
      "nobody is connected where nobody listens, and a listener that is gone frees its port",
    numbers: ["simulator 3", "network 6"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { network } = world.providers(ipA);
        const dial = (): Promise<unknown> =>
          world
            .providers(ipB)
            .network.connect(`${ipA}:${port}`)
            .catch((error: unknown) => error);
        t.true(isNetworkError(await dial(), "refused"));
        const listener = await network.bind(`${ipA}:${port}`);
        const again: unknown = await network
          .bind(`${ipA}:${port}`)
          .catch((error: unknown) => error);
        t.true(isNetworkError(again, "address_in_use"));
        await listener.close();
        t.true(isNetworkError(await dial(), "refused"));
        const free = await network.bind(`${ipA}:0`);
        t.true(free.address.port > 0);
      });
    },
    mutants: [
      {
        file: "sim/network/listener",
        from: "        this.#closed = true;\n        this.#onClose();\n        this.handle",
        to: "        this.#closed = true;\n        this.handle",
      },
    ],
  },
  {
    holds:
      "connects and accepts that wait together all find each other; a full backlog refuses",
    numbers: ["simulator 3", "network 6"],
    check: async (t) => {
      const world = worldOf({ network: { backlogMax: 3 } });
      await world.run(async () => {
        const listener = await world
          .providers(ipA)
          .network.bind(`${ipA}:${port}`);
        const dial = (): Promise<unknown> =>
          world
            .providers(ipB)
            .network.connect(`${ipA}:${port}`)
            .catch((error: unknown) => error);
        const waiting = await Promise.all([dial(), dial(), dial(), dial()]);
        t.is(
          waiting.filter((outcome) => isNetworkError(outcome, "refused"))
            .length,
          1,
        );
        const accepted = await Promise.all(
          [1, 2, 3, 4].map(() => listener.accept()).slice(0, 3),
        );
        t.is(new Set(accepted.map(({ remote }) => remote.key)).size, 3);
      });
    },
    mutants: [
      {
        file: "sim/network/listener",
        from: "this.#acceptors.push(acceptor);",
        to: "this.#acceptors = [acceptor];",
      },
    ],
  },
  {
    holds:
      "a likelier failure to connect fails more often, and hanging is another one",
    numbers: ["network 12"],
    check: async (t) => {
      const failed = async (
        refuseProbability: number,
        hangProbability: number,
      ): Promise<[number, number]> => {
        const world = worldOf({
          network: {
            refuseProbability,
            hangProbability,
            connectTimeoutMs: 100,
          },
        });
        return world.run(async () => {
          await world.providers(ipA).network.bind(`${ipA}:${port}`);
          const count: [number, number] = [0, 0];
          for (let turn = 0; turn < 200; turn += 1) {
            const outcome: unknown = await world
              .providers(ipB)
              .network.connect(`${ipA}:${port}`)
              .catch((error: unknown) => error);
            if (isNetworkError(outcome, "refused")) count[0] += 1;
            if (isNetworkError(outcome, "timed_out")) count[1] += 1;
          }
          return count;
        });
      };
      const [refused, hung] = [await failed(0.4, 0.1), await failed(0.1, 0.4)];
      t.true(refused[0] > 60 && refused[1] > 5, `${refused}`);
      t.true(hung[1] > 60 && hung[0] > 5, `${hung}`);
      t.true(refused[0] > hung[0] * 2 && hung[1] > refused[1] * 2);
    },
    mutants: [
      {
        file: "sim/network/connect",
        from: "ratio < refuseProbability ?",
        to: "ratio > refuseProbability ?",
      },
    ],
  },
  {
    holds: "a connection can be cut and restored, and lose one end unheard",
    numbers: ["network 9"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        const [circuit] = world.network.circuits;
        circuit?.cut();
        const reading = watch(server.read());
        await client.write(pattern(1));
        await world.time.sleep(1_000);
        t.false(reading.settled, "held");
        circuit?.restore();
        await world.time.sleep(10);
        t.true(reading.settled, "restored");
        const ending = watch(drain(server));
        circuit?.crashPeer("client", 5_000);
        await world.time.sleep(4_000);
        t.false(ending.settled, "unheard");
        await world.time.sleep(2_000);
        t.true(ending.settled, "told at last");
      });
    },
    mutants: [
      {
        file: "sim/network/circuit",
        from: "this.#parts.toServer.cut();",
        to: "",
      },
      {
        file: "sim/network/circuit",
        from: "this.#parts.toServer.lose(true);",
        to: "this.#parts.toServer.seal();",
      },
    ],
  },
  {
    holds: "each way has its own pace, and machines have names",
    numbers: ["network 9", "network 10"],
    check: async (t) => {
      const world = worldOf({
        network: {
          latencyMs: [1, 1],
          readMs: [0, 0],
          links: [{ from: ipB, to: ipA, latencyMs: [50, 50] }],
        },
      });
      world.network.name("server", ipA);
      await world.run(async () => {
        const listener = await world.providers(ipA).network.bind(`${ipA}:80`);
        const client = await world.providers(ipB).network.connect("server:80");
        const server = await listener.accept();
        const trip = async (
          from: Connection,
          to: Connection,
        ): Promise<number> => {
          const startMs = world.nowMs;
          await from.write(pattern(1));
          await to.read();
          return Math.round(world.nowMs - startMs);
        };
        t.deepEqual(
          [await trip(client, server), await trip(server, client)],
          [50, 1],
        );
      });
    },
    mutants: [
      {
        file: "sim/network/paces",
        from: "if (from === ends.from && to === ends.to)",
        to: "if (false)",
      },
      {
        file: "sim/network/names",
        from: "this.#ips.get(name.toLowerCase())",
        to: "undefined",
      },
    ],
  },
  {
    holds: "datagrams are lost, doubled and overtaken, where streams are not",
    numbers: ["network 10"],
    check: async (t) => {
      const world = worldOf({
        network: {
          datagramLossProbability: 0.2,
          datagramDuplicateProbability: 0.2,
          datagramReorderProbability: 0.2,
        },
      });
      await world.run(async () => {
        const where = `${ipA}:${port}`;
        const to = await world.providers(ipA).network.bindDatagram(where);
        const from = await world
          .providers(ipB)
          .network.bindDatagram(`${ipB}:1`);
        const { client, server } = await connect(world);
        for (let number = 0; number < 200; number += 1) {
          await from.send(new Uint8Array([number]), where);
          await client.write(new Uint8Array([number]));
        }
        client.end();
        const numbers = Array.from({ length: 200 }, (_, number) => number);
        t.deepEqual([...(await drain(server)).bytes], numbers);
        const arrived: number[] = [];
        const receiving = (async () => {
          for (;;) arrived.push((await to.receive()).bytes[0] ?? -1);
        })().catch(() => undefined);
        await world.time.sleep(1_000);
        await to.close();
        await receiving;
        const once = new Set(arrived);
        t.true(once.size < 190, "lost");
        t.true(arrived.length > once.size + 10, "doubled");
        t.true(
          arrived.some((number, at) => number < (arrived[at - 1] ?? 0)),
          "overtaken",
        );
      });
    },
    mutants: [
      {
        file: "sim/network/datagram-trip",
        from: "if (strikes(config.datagramLossProbability)) {",
        to: "if (false) {",
      },
      {
        file: "sim/network/datagram-trip",
        from: "if (!strikes(config.datagramDuplicateProbability))",
        to: "if (true)",
      },
      {
        file: "sim/network/datagram-trip",
        from: "strikes(config.datagramReorderProbability)",
        to: "false",
      },
    ],
  },
  {
    holds: "a rule decides about one message, and a record shows what arrived",
    numbers: ["network 10"],
    check: async (t) => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        const recording = world.network.record();
        const filter = world.network.filter(({ bytes }) =>
          bytes.length === 2 ? "hold" : "pass",
        );
        for (const length of [1, 2, 3]) await client.write(pattern(length));
        await world.time.sleep(100);
        t.deepEqual(await server.read(), pattern(1));
        t.is(recording.segments.length, 1);
        filter.remove();
        t.deepEqual(await server.read(), pattern(2));
        t.deepEqual(await server.read(), pattern(3));
        t.is(recording.segments.length, 3);
      });
    },
    mutants: [
      {
        file: "sim/network/pipe",
        from: "if (!this.#traffic.filtered)",
        to: "if (true)",
      },
      {
        file: "sim/network/pipe",
        from: "if (traffic.recorded)",
        to: "if (false)",
      },
    ],
  },
];
