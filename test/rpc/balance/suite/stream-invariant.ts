/** What balanced streams promise, held against what really happened. */
import { assertSometimes } from "../../../../src/assertions/index.ts";
import type { Invariant, InvariantView } from "../../../../src/runner/index.ts";
import { type StreamEvent, streams } from "./events.ts";

/** One stream so far. */
interface Story {
  readonly count: number;
  server: number | undefined;
  sent: number;
  got: number;
  end: (StreamEvent & { kind: "over" })["how"] | undefined;
}

/**
 * 1. A stream is of one server: it runs once, and all of its items are from there.
 * 2. What is got is what was sent, from the first item on, in order, none twice.
 * 3. It ends once, and nothing is got afterwards. What is complete has all of its items; what was not sent, did not run.
 * 4. The metadata of its end is from its server, and is there if it is complete.
 */
export const streamInvariant = (): Invariant => {
  const stories = new Map<string, Story>();
  return {
    name: "a balanced stream is of one server, in order and whole, and ends once",
    check(view: InvariantView): void {
      for (
        let entry = view.next(streams);
        entry !== undefined;
        entry = view.next(streams)
      ) {
        const { event } = entry;
        const { id } = event;
        if (event.kind === "opened") {
          if (stories.has(id)) throw new Error(`${id} was opened twice`);
          const { count } = event;
          const rest = { server: undefined, end: undefined };
          stories.set(id, { count, sent: 0, got: 0, ...rest });
          continue;
        }
        const story = stories.get(id);
        if (story === undefined) throw new Error(`nobody opened ${id}`);
        judge(story, event);
      }
    },
  };
};

function judge(
  story: Story,
  event: Exclude<StreamEvent, { kind: "opened" }>,
): void {
  const { id } = event;
  if (event.kind === "ran") {
    if (story.server !== undefined) throw new Error(`${id} ran twice`);
    if (story.end === "not_sent")
      throw new Error(`${id} runs, and was said not to have been sent`);
    story.server = event.server;
  } else if (event.kind === "sent") {
    if (event.index !== story.sent)
      throw new Error(`${id} sends ${event.index} after ${story.sent}`);
    story.sent += 1;
  } else if (event.kind === "got") got(story, event);
  else over(story, event);
}

function got(
  story: Story,
  { id, server, index }: StreamEvent & { kind: "got" },
): void {
  if (story.end !== undefined) throw new Error(`${id} got more after its end`);
  if (server !== story.server)
    throw new Error(`${id} is of ${story.server}, and got one of ${server}`);
  if (index !== story.got)
    throw new Error(`${id} got ${index} instead of ${story.got}`);
  if (index >= story.sent)
    throw new Error(`${id} got ${index}, which nobody sent`);
  story.got += 1;
}

function over(
  story: Story,
  { id, how, told }: StreamEvent & { kind: "over" },
): void {
  if (story.end !== undefined) throw new Error(`${id} ended twice`);
  story.end = how;
  if (how === "complete" && story.got !== story.count)
    throw new Error(`${id} is complete after ${story.got} items`);
  if (how === "not_sent" && story.server !== undefined)
    throw new Error(`${id} ran, and is said not to have been sent`);
  if (told.length > 1 || told.some((server) => server !== story.server))
    throw new Error(`${id} is of ${story.server}, and told of ${told.join()}`);
  if (how === "complete" && story.count > 0 && told.length === 0)
    throw new Error(`${id} is complete, and nothing came with its end`);
  assertSometimes(how === "complete", "a balanced stream is whole");
  assertSometimes(
    how === "maybe" && story.got > 0,
    "a balanced stream ends with its server",
  );
  assertSometimes(
    how === "answered" && told.length > 0,
    "a balanced stream fails, and says beside that who failed",
  );
}
