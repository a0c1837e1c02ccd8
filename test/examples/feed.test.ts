/** One service, written once: in a simulation, on TCP and over TLS it does the same. */
import test from "ava";

import { FeedServiceRpc } from "../../gen/feed/v1/feed_rpc.ts";
import { Feed, startFeed } from "../../examples/feed/feed.ts";
import {
  firstPosts,
  importLines,
  postsWithin,
  publish,
} from "../../examples/feed/reader.ts";
import type { Providers } from "../../src/core/index.ts";
import { createClient, NetTransport } from "../../src/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { tlsOf } from "../node/certificates.ts";

interface Place {
  readonly server: Providers;
  readonly client: Providers;
  readonly address: string;
}

/** All that a client sees of the feed, in one list. */
async function story({ server, client, address }: Place): Promise<unknown[]> {
  const kept = new Feed();
  await using running = await startFeed(server, address, kept);
  await using transport = NetTransport.client(client);
  const feed = createClient(FeedServiceRpc, transport, running.endpoint);
  const seen: unknown[] = [];
  seen.push(await importLines(feed, "sea", ["calm", "breeze", "gale"]));
  seen.push(await importLines(feed, "sea", ["calm"]));
  const following = firstPosts(feed, "sea", 4);
  seen.push(
    await publish(feed, { topic: "sea", postId: "late", text: "storm" }),
    await following,
  );
  const { signal } = new AbortController();
  seen.push(await postsWithin(feed, "sea", { timeoutMs: 2_000, signal }));
  kept.topic("sea").isClosed = true;
  seen.push(await publish(feed, { topic: "sea", postId: "more", text: "no" }));
  const surfed: string[] = [];
  for await (const { post } of feed.surf(topics("sea", "land", "sea")))
    surfed.push(post?.text ?? "");
  seen.push(surfed.length);
  while (running.runningCount > 0) await server.time.sleep(1);
  seen.push(kept.topic("sea").followerCount);
  const { callCount, deadlineCount, violations } = transport.metrics();
  return [...seen, { callCount, deadlineCount, violations }];
}

async function* topics(...names: string[]): AsyncGenerator<{ topic: string }> {
  for (const topic of names) yield { topic };
}

async function simulated(): Promise<unknown[]> {
  const world = new SimWorld({ seed: 1 });
  let seen: unknown[] = [];
  await world.run(async () => {
    seen = await story({
      server: world.providers("10.0.1.1"),
      client: world.providers("10.0.1.2"),
      address: "10.0.1.1:4500",
    });
  });
  return seen;
}

test.serial(
  "a service written once does the same in a simulation, on TCP and over TLS",
  async (t) => {
    const inSimulation = await simulated();
    t.deepEqual(inSimulation, [
      3,
      0,
      "number 3",
      ["calm", "breeze", "gale", "storm"],
      ["calm", "breeze", "gale", "storm"],
      "sea is closed",
      8,
      0,
      { callCount: 0, deadlineCount: 0, violations: 0 },
    ]);
    const onTcp = await story({
      server: nodeProviders(),
      client: nodeProviders(),
      address: "127.0.0.1:0",
    });
    t.deepEqual(onTcp, inSimulation);
    const overTls = await story({
      server: nodeProviders({ tls: tlsOf("node") }),
      client: nodeProviders({ tls: tlsOf("guest") }),
      address: "tls://127.0.0.1:0",
    });
    t.deepEqual(overTls, inSimulation);
  },
);
