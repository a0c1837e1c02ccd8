/** Compiled with the generated code and never run: what a program may write, and what the compiler must refuse. */
import { declaredError } from "wavetank";

import type { FeedServiceClient, FeedServiceHandler } from "./streams_rpc.ts";

export async function readsAndWrites(feed: FeedServiceClient): Promise<void> {
  for await (const { what } of feed.follow({}, { timeoutMs: 5 })) what.trim();
  async function* happened() {
    yield { what: "a plain object will do" };
  }
  const { count } = await feed.report(happened());
  count.toFixed();
  async function* said() {
    yield { text: "each at its own pace" };
  }
  for await (const { text } of feed.discuss(said())) text.trim();

  async function* numbers() {
    yield 5;
  }
  // @ts-expect-error: items are objects
  feed.report(numbers());
  // @ts-expect-error: a stream is not awaited
  (await feed.follow({})).what;
  // @ts-expect-error: nor sent in another way
  feed.follow.getReply({});
}

export function tellsErrorsApart(
  error: unknown,
  feed: FeedServiceClient,
): string {
  const one = declaredError(error, feed.follow);
  if (one !== undefined) return one.by.toFixed();
  const several = declaredError(error, feed.discuss);
  // @ts-expect-error: which of the two it is has to be asked
  several?.who;
  switch (several?.$typeName) {
    case "golden.shared.Forbidden":
      return several.who;
    case "golden.streams.FellBehind":
      return several.by.toFixed();
    case undefined:
      break;
  }
  // @ts-expect-error: a method without declared errors has none
  declaredError(error, feed.report)?.who;
  return "";
}

export class Feed implements FeedServiceHandler {
  async *follow(): AsyncGenerator<{ what: string }> {
    yield { what: "it began" };
  }

  async report(
    requests: AsyncIterable<{ what: string }>,
  ): Promise<{ count: number }> {
    let count = 0;
    for await (const { what } of requests) count += what.length;
    return { count };
  }

  async *discuss(
    requests: AsyncIterable<{ text: string }>,
  ): AsyncGenerator<{ text: string }> {
    for await (const { text } of requests) yield { text };
  }

  count(): { count: number } {
    return { count: 0 };
  }
}

export const wrong: Partial<FeedServiceHandler> = {
  // @ts-expect-error: answers with a stream
  follow: async () => ({ what: "once" }),
  // @ts-expect-error: answers once
  report: async function* () {},
};
