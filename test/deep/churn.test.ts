/** A world may run for ever: what is over leaves nothing behind, however much of it there was. */
import test from "ava";

import type { SimProviders, SimWorld } from "../../src/sim/index.ts";
import { heapBytes } from "../sim/garbage.ts";
import { worldOf } from "../sim/support.ts";

const million = 1_000_000;
const port = 4_500;
const clients = 8;
const server = "10.0.1.1";
const clientIp = (index: number): string => `10.0.2.${index + 1}`;

/** Takes connections, says what it hears, and is killed now and then. */
async function serve({ network, tasks }: SimProviders): Promise<void> {
  const listener = await network.bind(`${server}:${port}`);
  for (;;) {
    const connection = await listener.accept();
    tasks.spawn("echo", async () => {
      try {
        for (
          let bytes = await connection.read();
          bytes !== undefined;
          bytes = await connection.read()
        )
          await connection.write(bytes);
        connection.close();
      } catch {
        // The client was killed, or cut off.
      }
    });
  }
}

/** Connections, files, timers, tasks and signals, each for a moment and again and again. */
async function churn({
  network,
  storage,
  tasks,
  time,
  random,
}: SimProviders): Promise<void> {
  for (let round = 0; ; round += 1) {
    try {
      const connection = await network.connect(`${server}:${port}`);
      const half = time.schedule(60_000, () => undefined);
      await connection.write(random.bytes(random.range(1, 200)));
      await connection.read();
      half.cancel();
      if (random.bool()) connection.close();
      else connection.reset();
    } catch {
      // The server is down, or the way to it is cut.
      await time.sleep(1);
    }
    const path = `file ${round % 4}`;
    const file = await storage.open(path, { write: true, create: true });
    await file.writeAt(random.below(1_000), random.bytes(100));
    if (random.bool()) await file.sync();
    await file.close();
    if (round % 4 === 3) await storage.delete(path);
    const task = tasks.spawn("sleeper", (signal) =>
      time.sleep(1e9, { signal }),
    );
    await time.sleep(random.ratio());
    task.abort();
  }
}

/** How often somebody was killed. */
const killed = { count: 0 };

/** Kill somebody every few moments, and cut a way: the dead must leave nothing either. */
function trouble(world: SimWorld): void {
  const random = world.random("trouble");
  const victim = random.below(clients + 1);
  const [ip, main] =
    victim === clients
      ? ([server, serve] as const)
      : ([clientIp(victim), churn] as const);
  killed.count += 1;
  world.kill(ip, { wipe: random.bool(0.1) });
  world.time.schedule(5, () => void world.boot(ip, main));
  const cut = clientIp(random.below(clients));
  world.network.partition(server, cut, { forMs: random.ratio() * 20 });
  world.time.schedule(20 + random.ratio() * 40, () => trouble(world));
}

async function heapAfter(world: SimWorld, events: number): Promise<number> {
  await world.runUntil(() => world.steps >= events);
  return heapBytes();
}

test.serial(
  "the heap after ten million events is no larger than after one million",
  async (t) => {
    const world = worldOf({ tieBreak: "random" });
    world.boot(server, serve);
    for (let index = 0; index < clients; index += 1)
      world.boot(clientIp(index), churn);
    trouble(world);
    const early = await heapAfter(world, million);
    const late = await heapAfter(world, 10 * million);
    const ratio = late / early;
    t.log(
      `${megabytes(early)}, then ${megabytes(late)}, after ${killed.count} kills`,
    );
    t.true(killed.count > 1_000, "processes were rebooted");
    t.true(ratio <= 1.1, `the heap grew ${ratio.toFixed(3)}×`);
  },
);

function megabytes(bytes: number): string {
  return `${(bytes / million).toFixed(2)} MB`;
}
