/**
 * The package as its users import it: by its name, with its types. What rooms' own tests only meet under other names, or
 * not by name at all, is used here the way a user would.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import test from "ava";
import {
  assertSometimes,
  createClient,
  type MessageCodec,
  NetTransport,
  protobufCodec,
  serve,
  UID,
} from "wavetank";
import { type AssertionKind, listenToAssertions } from "wavetank/assertions";
import type { NetworkProvider, Providers, TaskProvider } from "wavetank/core";
import {
  type NodeListener,
  NodeProviders,
  NodeRandomProvider,
  type NodeStorageFile,
} from "wavetank/node";
import {
  type BugRecipe,
  EventKind,
  formatTimeline,
  type NetworkConfiguration,
  type Observation,
  type Phases,
  type Process,
  SimNetworkProvider,
  SimStorageProvider,
  SimTimeProvider,
  SimulationBuilder,
  SimWorld,
  type StorageConfiguration,
  type Topology,
  type TraceEntry,
  type Workload,
} from "wavetank/sim";
import {
  defaultMonitorConfig,
  type FailedReason,
  type FailureMonitor,
  type FailureStatus,
  type MonitorConfig,
  type Peer,
  type PeerConfig,
  type PeerMetrics,
  type ReplyFuture,
  RequestStream,
} from "wavetank/transport";

import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";

test.serial(
  "wavetank/sim runs a process and a workload for the phases they are given",
  async (t) => {
    const seen: Topology[] = [];
    const server: Process = {
      name: "server",
      count: 2,
      start: (ctx) => void seen.push(ctx.topology),
    };
    const client: Workload = {
      name: "client",
      run: (ctx) =>
        Promise.resolve(
          assertSometimes(ctx.role === "client", "the client runs"),
        ),
    };
    const phases: Partial<Phases> = { chaosMs: 10 };
    const { name, count = 1, start } = server;
    const report = await new SimulationBuilder("surface")
      .withoutChecks()
      .processes(name, { count }, (ctx) => start(ctx))
      .workload(() => client)
      .phases(phases)
      .run({ seeds: [1] });
    t.true(report.success, report.problems.join("\n"));
    t.deepEqual(seen[0]?.addresses("server", 80), [
      "10.0.1.1:80",
      "10.0.1.2:80",
    ]);
    const [observation]: readonly (Observation | undefined)[] =
      report.observations;
    t.like(observation, {
      kind: "sometimes",
      message: "the client runs",
      passes: 1,
      fails: 0,
    });
  },
);

test.serial(
  "SimWorld gives each machine simulated providers, as slow as it is told",
  async (t) => {
    const network: Partial<NetworkConfiguration> = {
      latencyMs: [3, 3],
      connectMs: [0, 0],
      bindMs: [0, 0],
    };
    const storage: Partial<StorageConfiguration> = {
      readMs: [1, 1],
      writeMs: [2, 2],
      syncMs: [7, 7],
    };
    const world = new SimWorld({ seed: 1, network, storage });
    const { network: net, storage: disk, time } = world.providers("10.0.1.1");
    t.true(net instanceof SimNetworkProvider);
    t.true(disk instanceof SimStorageProvider);
    t.true(time instanceof SimTimeProvider);
    await world.run(async () => {
      const file = await disk.open("a", { write: true, create: true });
      const startMs = time.now();
      await file.sync();
      t.is(time.now() - startMs, 7.04, "and the device's 25,000 a second");
    });
    world.end();
  },
);

test.serial(
  "SimWorld counts faults by kind and hands on what its processes emit",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const entries: TraceEntry[] = [];
    world.trace.listen((entry) => entries.push(entry));
    world.boot("10.0.1.1", ({ trace }) => trace.emit("hello", { number: 1 }));
    await world.runUntilEmpty();
    t.like(entries[0], {
      source: "10.0.1.1",
      name: "hello",
      fields: { number: 1 },
    });
    t.is(world.faults.counts.size, 0);
    t.is(
      new Set(Object.values(EventKind)).size,
      Object.keys(EventKind).length,
      "kinds are told apart in the fingerprint",
    );
    world.end();
  },
);

test.serial(
  "a BugRecipe says in one line how to steer a world, and two worlds take it alike",
  (t) => {
    const bug: BugRecipe = { seed: 7, recipe: [{ count: 2, seed: 9 }] };
    t.is(`${bug.seed} ${formatTimeline(bug.recipe)}`, "7 2@9");
    const draws = [bug, bug, { ...bug, recipe: [] }].map((options) => {
      const random = new SimWorld(options).random("dice");
      return Array.from({ length: 5 }, () => random.below(1_000)).join(" ");
    });
    t.is(draws[0], draws[1]);
    t.not(draws[0], draws[2]);
  },
);

test("wavetank/node opens files, listens and draws chance in one bundle", async (t) => {
  const dataFolder = mkdtempSync(join(tmpdir(), "wavetank-"));
  const providers: Providers = new NodeProviders({ dataFolder });
  t.true(providers.random instanceof NodeRandomProvider);
  const file = (await providers.storage.open("a", {
    write: true,
    read: true,
    create: true,
  })) as NodeStorageFile;
  await file.append(Uint8Array.of(1, 2, 3));
  t.is(await file.size(), 3);
  await file.close();
  const listener = (await providers.network.bind(
    "127.0.0.1:0",
  )) as NodeListener;
  t.true(listener.address.port > 0);
  await listener.close();
  rmSync(dataFolder, { recursive: true });
});

/** A network that counts, as users wrap providers to watch their program. */
function counted(network: NetworkProvider, count: () => void): NetworkProvider {
  return {
    bind: (address) => network.bind(address),
    bindDatagram: (address) => network.bindDatagram(address),
    connect(address, options) {
      count();
      return network.connect(address, options);
    },
  };
}

test.serial(
  "transport takes wrapped providers, keeps one peer per address and tells its metrics",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const server = world.providers("10.0.1.1");
    const client = world.providers("10.0.1.2");
    const peerConfig: Partial<PeerConfig> = { connectTimeoutMs: 1_000 };
    let connects = 0;
    await world.run(async () => {
      const network = counted(client.network, () => (connects += 1));
      const tasks: TaskProvider = client.tasks;
      const { time, random, storage, trace } = client;
      const listening = await NetTransport.listen(server, "10.0.1.1:80");
      const calling = NetTransport.client(
        { network, time, tasks, random, storage, trace },
        { peer: peerConfig },
      );
      const stream = new RequestStream(listening, {
        token: new UID(1, 2, 3, 4),
      });
      const future: ReplyFuture = calling.sendRequest(
        stream.endpoint,
        Uint8Array.of(5),
        { delivery: "at_most_once" },
      );
      const promise = await stream.next();
      promise?.send(Uint8Array.of(6));
      t.deepEqual(await future.reply, Uint8Array.of(6));
      const peer: Peer = calling.peer("10.0.1.1:80");
      t.is(calling.peer("10.0.1.1:80"), peer);
      const metrics: PeerMetrics = peer.metrics();
      t.like(metrics, {
        connectionsOpened: 1,
        messagesSent: 1,
        messagesResent: 0,
        messageCount: 0,
        connected: true,
      });
      const monitor: FailureMonitor = calling.failureMonitor;
      const status: FailureStatus = monitor.status(peer.address);
      const reason: FailedReason | undefined = monitor.reason(peer.address);
      t.deepEqual([status, reason], ["available", undefined]);
      const watching: MonitorConfig = { ...defaultMonitorConfig };
      t.deepEqual(calling.config.peer.monitor, watching);
      await calling.close();
      await listening.close();
    });
    t.is(connects, 1);
    world.end();
  },
);

test.serial(
  "createClient and serve take any MessageCodec, and use it for every message",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const seen: string[] = [];
    const codec: MessageCodec = {
      encode(schema, message) {
        seen.push(`encode ${schema.name}`);
        return protobufCodec.encode(schema, message);
      },
      decode(schema, bytes) {
        seen.push(`decode ${schema.name}`);
        return protobufCodec.decode(schema, bytes);
      },
    };
    await world.run(async () => {
      const listening = await NetTransport.listen(
        world.providers("10.0.1.1"),
        "10.0.1.1:80",
      );
      const calling = NetTransport.client(world.providers("10.0.1.2"));
      serve(
        listening,
        EchoServiceRpc,
        { echo: ({ payload }) => ({ payload }) },
        { codec },
      );
      const echo = createClient(EchoServiceRpc, calling, "10.0.1.1:80", {
        codec,
      });
      t.deepEqual(
        (await echo.echo({ payload: Uint8Array.of(1) })).payload,
        Uint8Array.of(1),
      );
      await calling.close();
      await listening.close();
    });
    t.deepEqual(seen, [
      "encode EchoRequest",
      "decode EchoRequest",
      "encode EchoResponse",
      "decode EchoResponse",
    ]);
    world.end();
  },
);

test.serial("listenToAssertions hears the kind of every assertion", (t) => {
  const kinds: AssertionKind[] = [];
  const previous = listenToAssertions({
    observe: (kind) => void kinds.push(kind),
    buggify: () => false,
    knob: () => undefined,
  });
  assertSometimes(false, "heard");
  listenToAssertions(previous);
  assertSometimes(false, "not heard");
  t.deepEqual(kinds, ["sometimes"]);
});
