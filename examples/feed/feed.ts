/** A feed of posts. It knows nothing of TCP, nothing of TLS, and nothing of simulations. */
import {
  errorDetail,
  type HandlerContext,
  RpcError,
  type ServerHandle,
  serve,
  NetTransport,
  type Providers,
} from "wavetank";

import {
  type FollowRequest,
  type ImportRequest,
  type PublishRequest,
  type SurfRequest,
  TopicClosedSchema,
} from "../../gen/feed/v1/feed_pb.ts";
import {
  type FeedServiceHandler,
  FeedServiceRpc,
} from "../../gen/feed/v1/feed_rpc.ts";

/** A post as it is kept. */
interface Kept {
  readonly topic: string;
  readonly postId: string;
  readonly text: string;
  readonly number: number;
}

/** The posts of one topic, and those who wait for the next one. */
class Topic {
  readonly posts: Kept[] = [];
  isClosed = false;
  readonly #waiting = new Set<() => void>();

  /** The post with this id, which is added if there is none yet. */
  add(post: Omit<Kept, "number">): {
    readonly kept: Kept;
    readonly isNew: boolean;
  } {
    const known = this.posts.find(({ postId }) => postId === post.postId);
    if (known !== undefined) return { kept: known, isNew: false };
    const kept = { ...post, number: this.posts.length };
    this.posts.push(kept);
    for (const wake of [...this.#waiting]) wake();
    return { kept, isNew: true };
  }

  /** Resolves with the next post, or when the signal fires. */
  async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    let wake: () => void = () => undefined;
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.#waiting.add(wake);
        signal.addEventListener("abort", wake);
      });
    } finally {
      this.#waiting.delete(wake);
      signal.removeEventListener("abort", wake);
    }
  }

  get followerCount(): number {
    return this.#waiting.size;
  }
}

export class Feed implements FeedServiceHandler {
  readonly #topics = new Map<string, Topic>();

  topic(name: string): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) this.#topics.set(name, (topic = new Topic()));
    return topic;
  }

  publish({ topic: name, postId, text }: PublishRequest): { number: number } {
    const topic = this.topic(name);
    if (topic.isClosed)
      throw new RpcError("failed_precondition", "nobody may write there", {
        details: [errorDetail(TopicClosedSchema, { topic: name })],
      });
    return { number: topic.add({ topic: name, postId, text }).kept.number };
  }

  async *follow(
    { topic: name, fromNumber }: FollowRequest,
    { signal }: HandlerContext,
  ): AsyncGenerator<{ post: Kept }> {
    const topic = this.topic(name);
    for (let next = fromNumber; !signal.aborted;) {
      const post = topic.posts[next];
      if (post === undefined) {
        await topic.changed(signal);
        continue;
      }
      yield { post };
      next += 1;
    }
  }

  async import(
    requests: AsyncIterable<ImportRequest>,
  ): Promise<{ addedCount: number }> {
    let addedCount = 0;
    for await (const { topic, postId, text } of requests)
      if (this.topic(topic).add({ topic, postId, text }).isNew) addedCount += 1;
    return { addedCount };
  }

  async *surf(
    requests: AsyncIterable<SurfRequest>,
  ): AsyncGenerator<{ post: Kept }> {
    for await (const { topic } of requests)
      for (const post of this.topic(topic).posts) yield { post };
  }
}

/** Serve a feed at an address. */
export async function startFeed(
  providers: Providers,
  address: string,
  feed: Feed = new Feed(),
): Promise<ServerHandle> {
  const transport = await NetTransport.listen(providers, address);
  return serve(transport, FeedServiceRpc, feed, { ownsTransport: true });
}
