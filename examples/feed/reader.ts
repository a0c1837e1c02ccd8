/** What a client of the feed does: streams, limits and errors, each at its smallest. */
import { type CallOptions, declaredError, isRpcError } from "wavetank";

import type { FeedServiceClient } from "../../gen/feed/v1/feed_rpc.ts";

/** The first posts of a topic, waiting for those that are still to come. */
export async function firstPosts(
  feed: FeedServiceClient,
  topic: string,
  count: number,
): Promise<string[]> {
  const texts: string[] = [];
  for await (const { post } of feed.follow({ topic })) {
    texts.push(post?.text ?? "");
    // Leaving the loop ends the call: the handler's signal fires, and its generator is closed.
    if (texts.length === count) break;
  }
  return texts;
}

/** All that comes within a time. */
export async function postsWithin(
  feed: FeedServiceClient,
  topic: string,
  options: CallOptions,
): Promise<string[]> {
  const texts: string[] = [];
  try {
    for await (const { post } of feed.follow({ topic }, options))
      texts.push(post?.text ?? "");
  } catch (error) {
    if (!isRpcError(error, "deadline_exceeded")) throw error;
  }
  return texts;
}

/** Add a line after the other; the source is asked for one when there is room for it. */
export async function importLines(
  feed: FeedServiceClient,
  topic: string,
  lines: Iterable<string>,
): Promise<number> {
  async function* requests(): AsyncGenerator<{
    topic: string;
    postId: string;
    text: string;
  }> {
    let count = 0;
    for (const text of lines) {
      count += 1;
      yield { topic, postId: `${topic}-${count}`, text };
    }
  }
  return (await feed.import(requests())).addedCount;
}

/** Publish, and say what became of it. */
export async function publish(
  feed: FeedServiceClient,
  request: { topic: string; postId: string; text: string },
): Promise<string> {
  try {
    const { number } = await feed.publish(request);
    return `number ${number}`;
  } catch (error) {
    const closed = declaredError(error, feed.publish);
    if (closed !== undefined) return `${closed.topic} is closed`;
    if (isRpcError(error) && error.delivery === "maybe")
      return "in doubt: publish it again, with the same id";
    throw error;
  }
}
