/** What happens in a world, as those who listen are told, and what is still to happen. */
import test from "ava";

import {
  type ConnectionStateChange,
  type Event,
  type NetworkOperation,
  type ScheduledEvent,
  type StorageOperation,
  type SimWorld,
} from "../../src/sim/index.ts";
import {
  busyClient,
  busyRun,
  connect,
  drain,
  echo,
  ipA,
  ipB,
  ipC,
  pattern,
  port,
  watch,
  worldOf,
} from "./support.ts";

/** `kind operation` of everything that happens from now on. */
function namesOf(world: SimWorld): Set<string> {
  const names = new Set<string>();
  world.onEvent(({ kind, operation }) => names.add(`${kind} ${operation}`));
  return names;
}

test.serial(
  "a listener is told of every event: when, whose, in which step",
  async (t) => {
    const world = worldOf({ tieBreak: "random" });
    const events: Event[] = [];
    world.onEvent((event) => {
      t.is(event.step, world.steps);
      t.is(event.atMs, world.nowMs);
      events.push(event);
    });
    world.boot(ipA, echo);
    await world.run(() => busyClient(world.providers(ipB)));
    t.is(events.length, world.steps);
    t.deepEqual(
      [...new Set(events.map(({ owner }) => owner))].sort(),
      [ipA, ipB, "world"].sort(),
    );
    const sequences = events.map(({ sequence }) => sequence);
    t.is(
      new Set(sequences).size,
      events.length,
      "each has a number of its own",
    );
  },
);

test.serial("listening changes nothing about what happens", async (t) => {
  const alone = await busyRun();
  const world = worldOf();
  world.onEvent(() => world.pendingEvents);
  world.boot(ipA, echo);
  const log = await world.run(() => busyClient(world.providers(ipB)));
  t.is(log, alone.log);
  t.is(world.fingerprint, alone.fingerprint);
});

test.serial(
  "who has stopped listening hears nothing, and others still do",
  async (t) => {
    const world = worldOf();
    const heard: string[] = [];
    const note = (): void => void heard.push("twice");
    const stops = [world.onEvent(note), world.onEvent(note)];
    await world.run(() => world.time.sleep(1));
    t.is(heard.length, 2 * world.steps);
    stops[0]?.();
    stops[0]?.();
    heard.length = 0;
    const before = world.steps;
    await world.run(() => world.time.sleep(1));
    t.is(heard.length, world.steps - before);
    stops[1]?.();
    heard.length = 0;
    await world.run(() => world.time.sleep(1));
    t.deepEqual(heard, []);
  },
);

test.serial("a listener that throws ends the run with its error", async (t) => {
  for (const settling of ["tick", "barrier"] as const) {
    const world = worldOf({
      settling,
      onCrash: () => t.fail("a process died"),
    });
    world.boot(ipA, ({ time }) => time.schedule(5, () => t.fail("it ran")));
    world.onEvent(({ atMs }) => {
      if (atMs === 5) throw new Error("seen enough");
    });
    await t.throwsAsync(world.runUntilEmpty(), { message: "seen enough" });
    t.is(world.nowMs, 5);
  }
});

test.serial("timers, processes and shutdowns are told by name", async (t) => {
  const world = worldOf();
  const events: string[] = [];
  world.onEvent(({ atMs, owner, kind, operation }) =>
    events.push(`${atMs} ${owner} ${kind} ${operation}`),
  );
  for (const life of [1, 2]) {
    world.boot(ipA, async ({ time, tasks }) => {
      time.schedule(2, () => undefined);
      await time.sleep(1);
      await tasks.yieldNow();
      if (life === 2) world.kill(ipA);
    });
    world.stop(ipA);
    await world.runUntilEmpty();
    world.kill(ipA);
  }
  t.deepEqual(events, [
    `0 ${ipA} process boot`,
    `0 ${ipA} shutdown stop`,
    `1 ${ipA} timer sleep`,
    `1 ${ipA} timer yield`,
    `2 ${ipA} timer callback`,
    "2 world process death",
    `2 ${ipA} (life 2) process boot`,
    `2 ${ipA} (life 2) shutdown stop`,
    `3 ${ipA} (life 2) timer sleep`,
    `3 ${ipA} (life 2) timer yield`,
    "3 world process death",
  ]);
});

test.serial(
  "what arrives over a network is told by name and size",
  async (t) => {
    const world = worldOf();
    const arrived: string[] = [];
    world.onEvent((event) => {
      if (event.kind === "network")
        arrived.push(`${event.owner} ${event.operation} ${event.bytes ?? ""}`);
    });
    await world.run(async () => {
      const { client, server } = await connect(world);
      await client.write([pattern(3), pattern(500)]);
      client.end();
      await drain(server);
      server.reset();
      await t.throwsAsync(client.read());
      const sockets = [ipA, ipB].map((ip) =>
        world.providers(ip).network.bindDatagram(`${ip}:9`),
      );
      const [a, b] = await Promise.all(sockets);
      await b?.send(pattern(7), `${ipA}:9`);
      await a?.receive();
    });
    const expected: [string, NetworkOperation, number | ""][] = [
      [ipA, "data_delivery", 3],
      [ipA, "data_delivery", 500],
      [ipA, "end_delivery", ""],
      [ipA, "read_complete", ""],
      [ipA, "read_complete", ""],
      [ipA, "read_complete", ""],
      [ipB, "reset_delivery", ""],
      ["world", "datagram_delivery", 7],
      [ipA, "datagram_received", ""],
    ];
    t.deepEqual(
      arrived,
      expected.map((parts) => parts.join(" ")),
    );
  },
);

test.serial("changes of connections are told by name", async (t) => {
  const world = worldOf({
    network: { windowBytes: 10, resetAfterMs: [50, 50], connectTimeoutMs: 100 },
  });
  const names = namesOf(world);
  await world.run(async () => {
    const { client } = await connect(world);
    client.write(pattern(1_000)).catch(() => "it is broken");
    const [circuit] = world.network.circuits;
    circuit?.cut(1);
    world.network.partition(ipA, ipC, { forMs: 500 });
    world.network.clog({ from: ipA }, 1);
    await world.time.sleep(10);
    circuit?.close({ kind: "one_sided", told: false });
    await client.write(pattern(1));
    await world.time.sleep(100);
    const other = await connect(world, port + 1);
    const broken = watch(other.server.read());
    world.network.circuits.at(-1)?.crashPeer("client", 1);
    await world.time.sleep(100);
    t.true(broken.settled);
    const far = world.providers(ipC).network.connect(`${ipA}:${port}`);
    await t.throwsAsync(far);
    await world.time.sleep(500);
  });
  const changes: ConnectionStateChange[] = [
    ...(["bind_complete", "request_arrived", "answer_arrived"] as const),
    ...(["accepted", "connect_timed_out", "writers_released"] as const),
    ...(["broken_by_network", "given_up", "cut_restored"] as const),
    ...(["partition_healed", "clog_cleared", "peer_crash_noticed"] as const),
  ];
  t.deepEqual(
    changes.filter((change) => !names.has(`connection ${change}`)),
    [],
  );
});

test.serial("what a disk has done is told by name", async (t) => {
  const world = worldOf();
  const done: string[] = [];
  world.onEvent((event) => {
    if (event.kind === "storage") done.push(event.operation);
  });
  await world.run(async () => {
    const { storage } = world.providers(ipA);
    const file = await storage.open("log", {
      read: true,
      write: true,
      create: true,
    });
    await file.writeAt(0, pattern(10));
    await file.readAt(0, 10);
    await file.sync();
    await file.setLen(5);
    await file.size();
    await storage.rename("log", "old");
    await storage.exists("old");
    await storage.delete("old");
  });
  const operations: StorageOperation[] = [
    ...(["open_complete", "write_complete", "read_complete"] as const),
    ...(["sync_complete", "set_len_complete", "size_complete"] as const),
    ...(["rename_complete", "exists_complete", "delete_complete"] as const),
  ];
  t.deepEqual(done, operations);
});

test.serial(
  "what is pending is told in its order, and the first of it happens next",
  async (t) => {
    for (const tieBreak of ["fifo", "random"] as const) {
      const world = worldOf({ tieBreak });
      let next: ScheduledEvent | undefined;
      let compared = 0;
      world.onEvent(({ step, ...event }) => {
        // The name of an arrival is that of what arrives first, which is known when it does.
        if (next !== undefined && next.kind !== "network") {
          t.deepEqual(event as ScheduledEvent, next, `step ${step}`);
          compared += 1;
        }
      });
      world.boot(ipA, echo);
      const done = watchRun(world);
      while (!done.settled) {
        next = world.pendingEvents[0];
        t.is(world.pendingEvents.length, world.pending);
        if (!(await world.step())) break;
      }
      t.true(compared > 20, `${compared}`);
    }
  },
);

/** Start the client by an event of its own, so that the world can be stepped by hand. */
function watchRun(world: SimWorld): { readonly settled: boolean } {
  const finished = { settled: false };
  world.boot(ipB, async (providers) => {
    await busyClient(providers);
    finished.settled = true;
  });
  return finished;
}

test.serial(
  "what is cancelled, aborted or killed is not pending",
  async (t) => {
    const world = worldOf();
    const { time } = world.providers(ipA);
    const controller = new AbortController();
    const doomed = time.schedule(30, () => t.fail("it was cancelled"));
    const { signal } = controller;
    const aborted = time.sleep(20, { signal }).catch(() => "aborted");
    world.providers(ipB).time.schedule(10, () => t.fail("it was killed"));
    time.schedule(40, () => undefined);
    const due = (): string[] =>
      world.pendingEvents.map(
        ({ atMs, owner, kind, operation }) =>
          `${atMs} ${owner} ${kind} ${operation}`,
      );
    const last = `40 ${ipA} timer callback`;
    t.deepEqual(due(), [
      `10 ${ipB} timer callback`,
      `20 ${ipA} timer sleep`,
      `30 ${ipA} timer callback`,
      last,
    ]);
    doomed.cancel();
    controller.abort(new Error("enough"));
    world.kill(ipB);
    t.true(await world.step(), "the death");
    await aborted;
    t.deepEqual(due(), [last]);
  },
);
