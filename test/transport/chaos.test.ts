/** What delivery promises, held against partitions, crashes and restarts. */
import test, { type ExecutionContext } from "ava";

import { SimWorld } from "../../src/sim/index.ts";
import {
  type Delivery,
  isReplyError,
  NetTransport,
  type ReplyPromise,
} from "../../src/transport/index.ts";
import {
  bytes,
  clientIp,
  echo,
  echoToken,
  serverAddress,
  serverIp,
} from "./tank.ts";

/** What became of one call, and what the servers did with it. */
interface Story {
  readonly id: number;
  readonly delivery: Delivery;
  outcome: "replied" | "not_sent" | "maybe" | "answered" | "pending";
  runs: number;
}

/** One server whose lives come and go, two clients, and weather. */
class Tempest {
  readonly world: SimWorld;
  readonly stories: Story[] = [];
  readonly clients: NetTransport[] = [];
  #calm = false;

  constructor(seed: number) {
    this.world = new SimWorld({
      seed,
      drawWeather: (random) => ({ tieBreak: random.pick(["fifo", "random"]) }),
    });
  }

  /** Start a life of the server. It is begun as an event of its own, so a kill takes all of it. */
  boot(): void {
    this.world.boot(serverIp, async (providers) => {
      const server = await NetTransport.listen(providers, serverAddress);
      server.register(echoToken, {
        receive: (promise) => this.#serve(promise, providers.time),
      });
    });
  }

  /** Answer now, later, or not at all. */
  #serve(
    promise: ReplyPromise,
    time: { schedule(ms: number, callback: () => void): unknown },
  ): void {
    const id = readId(promise.request);
    const story = this.stories[id];
    const random = this.world.random("server");
    // A promise that breaks before anything is done: the only case in which the receiver did not run.
    if (!this.#calm && random.bool(0.05)) return promise[Symbol.dispose]();
    if (story !== undefined) story.runs += 1;
    if (random.bool(0.5)) promise.send(promise.request);
    else
      time.schedule(random.range(1, 2_000), () =>
        promise.send(promise.request),
      );
  }

  /** Break something, wait, and so on. */
  async storm(ms: number): Promise<void> {
    const { world } = this;
    const random = world.random("storm");
    const untilMs = world.nowMs + ms;
    while (world.nowMs < untilMs) {
      await world.time.sleep(random.range(50, 3_000));
      if (random.bool(0.4)) await this.#restart(random.range(1, 4_000));
      else if (random.bool(0.6))
        await this.#partition(random.range(10, 12_000));
    }
    this.#calm = true;
    world.network.healAll();
    if (!world.isAlive(serverIp)) this.boot();
  }

  async #restart(downMs: number): Promise<void> {
    this.world.kill(serverIp);
    await this.world.time.sleep(downMs);
    this.boot();
  }

  async #partition(ms: number): Promise<void> {
    const { network, time } = this.world;
    network.partition(clientIp, serverIp);
    await time.sleep(ms);
    network.heal(clientIp, serverIp);
  }

  /** Make calls, each after a pause, until the count is reached. */
  async call(client: NetTransport, count: number): Promise<void> {
    const random = this.world.random("caller");
    const pending: Promise<void>[] = [];
    for (let made = 0; made < count; made += 1) {
      await this.world.time.sleep(random.range(0, 500));
      const delivery = random.pick<Delivery>([
        "at_most_once",
        "at_least_once",
        "one_way",
      ]);
      pending.push(
        this.#one(client, delivery, random.pick([300, 5_000, 120_000])),
      );
    }
    await Promise.all(pending);
  }

  async #one(
    client: NetTransport,
    delivery: Delivery,
    timeoutMs: number,
  ): Promise<void> {
    const id = this.stories.length;
    const story: Story = { id, delivery, outcome: "pending", runs: 0 };
    this.stories.push(story);
    const body = bytes(id & 0xff, id >> 8);
    if (delivery === "one_way") {
      client.send(echo, body);
      story.outcome = "maybe";
      return;
    }
    try {
      const { reply } = client.sendRequest(echo, body, { delivery, timeoutMs });
      story.outcome = readId(await reply) === id ? "replied" : "pending";
    } catch (error) {
      if (!isReplyError(error)) throw error;
      story.outcome = error.details.delivery;
    }
  }
}

function readId(body: Uint8Array): number {
  return (body[0] as number) | ((body[1] as number) << 8);
}

/** Run a seed to its end, and hold the stories against the promises. */
async function weather(t: ExecutionContext, seed: number): Promise<Story[]> {
  const tempest = new Tempest(seed);
  const { world } = tempest;
  await world.run(async () => {
    tempest.boot();
    const client = NetTransport.client(world.providers(clientIp));
    const stormy = tempest.storm(30_000);
    await Promise.all([tempest.call(client, 60), tempest.call(client, 60)]);
    await stormy;
    // The network is whole again: a call that may be repeated ends with a reply, well within its default time.
    t.deepEqual(
      await client.getReply(echo, bytes(255, 255)),
      bytes(255, 255),
      `seed ${seed}`,
    );
    await world.time.sleep(5_000);
    const { callCount, deadlineCount } = client.metrics();
    t.deepEqual(
      { callCount, deadlineCount },
      { callCount: 0, deadlineCount: 0 },
      `seed ${seed}`,
    );
    t.is(client.peer(serverAddress).metrics().messageCount, 0, `seed ${seed}`);
    await client.close();
  });
  await world.runUntilEmpty();
  t.is(world.ghostCalls, 0, `seed ${seed}`);
  for (const story of tempest.stories) judge(t, story, seed);
  return tempest.stories;
}

function judge(t: ExecutionContext, story: Story, seed: number): void {
  const what = `seed ${seed}: ${JSON.stringify(story)}`;
  if (story.outcome === "pending") t.fail(what);
  if (story.outcome === "replied" && story.runs === 0)
    t.fail(`${what}: a reply to what never ran`);
  if (story.outcome === "not_sent" && story.runs > 0)
    t.fail(`${what}: it ran, and its caller believes it did not`);
  if (story.delivery !== "at_least_once" && story.runs > 1)
    t.fail(`${what}: it ran more than once`);
}

test.serial(
  "every mode of delivery keeps its promise through partitions, crashes and restarts",
  async (t) => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 40; seed += 1) {
      for (const { delivery, outcome, runs } of await weather(t, seed)) {
        const kind = `${delivery} ${outcome} ${Math.min(runs, 2)}`;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }
    // A storm that never shows these proves nothing.
    for (const kind of [
      "at_most_once replied 1",
      "at_most_once maybe 0",
      "at_most_once maybe 1",
      "at_most_once not_sent 0",
      "at_least_once replied 1",
      "at_least_once replied 2",
      "one_way maybe 0",
      "one_way maybe 1",
    ]) {
      t.true((seen.get(kind) ?? 0) > 0, `never seen: ${kind}`);
    }
  },
);

test.serial("the same seed gives the same world", async (t) => {
  const fingerprints: string[] = [];
  for (const seed of [7, 7, 8]) {
    const tempest = new Tempest(seed);
    await tempest.world.run(async () => {
      tempest.boot();
      const client = NetTransport.client(tempest.world.providers(clientIp));
      await Promise.all([tempest.storm(10_000), tempest.call(client, 40)]);
      await client.close();
    });
    fingerprints.push(tempest.world.fingerprint);
  }
  t.is(fingerprints[0], fingerprints[1]);
  t.not(fingerprints[0], fingerprints[2]);
});
