/** What calls promise, held against what really happened. */
import type { Invariant, InvariantView } from "../../../src/runner/index.ts";
import type { TimelineEntry } from "../../../src/sim/index.ts";
import { calls, type CallEvent, type Ending, type Way } from "./events.ts";

/** One call so far. */
interface Story {
  readonly method: string;
  readonly responses: number;
  /** When it must be over. */
  readonly untilMs: number;
  /** How often it ran, by the life that ran it. */
  readonly runs: Map<string, number>;
  readonly sent: Record<Way, number>;
  readonly got: Record<Way, number>;
  client: Ending | undefined;
  server: Ending | undefined;
}

export interface CallInvariantOptions {
  /** How much later than its deadline a call may end, in milliseconds. */
  readonly lateMs: number;
}

/**
 * 1. What one side gets of a stream is what the other side sent, from the first item on, in order, none twice.
 * 2. A sender is ahead of its reader by the window and one item at most.
 * 3. A call ends once on each side. What is complete has all of its items, on either side; a declared error comes after
 *    all before it.
 * 4. What is sent once runs once; what is deduplicated runs once in a life.
 * 5. No call is open after its deadline.
 */
export const callInvariant =
  ({ lateMs }: CallInvariantOptions) =>
  (): Invariant => {
    const stories = new Map<number, Story>();
    return {
      name: "every call keeps its promise",
      check(view: InvariantView): void {
        for (
          let entry = view.next(calls);
          entry !== undefined;
          entry = view.next(calls)
        )
          judge(storyOf(stories, entry), entry, lateMs);
      },
    };
  };

function storyOf(
  stories: Map<number, Story>,
  { event, atMs }: TimelineEntry<CallEvent>,
): Story {
  const known = stories.get(event.id);
  if (event.kind !== "began") {
    if (known === undefined) throw new Error(`nobody began ${event.id}`);
    return known;
  }
  if (known !== undefined) throw new Error(`${event.id} began twice`);
  const story: Story = {
    method: event.method,
    responses: event.responses,
    untilMs: atMs + event.timeoutMs,
    runs: new Map(),
    sent: { request: 0, response: 0 },
    got: { request: 0, response: 0 },
    client: undefined,
    server: undefined,
  };
  stories.set(event.id, story);
  return story;
}

function judge(
  story: Story,
  { event, atMs }: TimelineEntry<CallEvent>,
  lateMs: number,
): void {
  if (event.kind === "ran") ran(story, event.life);
  else if (event.kind === "sent") sent(story, event);
  else if (event.kind === "got") got(story, event);
  else if (event.kind === "ended") {
    if (story[event.side] !== undefined)
      throw new Error(
        `${event.id} ended twice on the side of the ${event.side}`,
      );
    story[event.side] = event.how;
    if (event.side === "server") return readWhole(story, event);
    if (atMs > story.untilMs + lateMs)
      throw new Error(`${event.id} ended ${atMs - story.untilMs} ms late`);
    endedWhole(story, event);
  }
}

function ran(story: Story, life: string): void {
  const count = (story.runs.get(life) ?? 0) + 1;
  story.runs.set(life, count);
  if (count > 1) throw new Error(`${story.method} ran twice in one life`);
  if (story.method !== "once" && story.runs.size > 1)
    throw new Error(`${story.method}, which is sent once, ran twice`);
}

function sent(
  story: Story,
  { id, way, index, size }: CallEvent & { kind: "sent" },
): void {
  if (index !== story.sent[way])
    throw new Error(`${id} sent ${way} ${index} after ${story.sent[way]}`);
  story.sent[way] = index + 1;
  const ahead = story.sent[way] - story.got[way];
  // Each takes 32 bytes of the window besides its own. One more, and one in each hand.
  if (ahead > 65_536 / (size + 32) + 3)
    throw new Error(`${id} is ${ahead} items ahead of its reader`);
}

function got(
  story: Story,
  { id, way, index }: CallEvent & { kind: "got" },
): void {
  if (index !== story.got[way])
    throw new Error(`${id} got ${way} ${index} instead of ${story.got[way]}`);
  if (index >= story.sent[way])
    throw new Error(`${id} got ${way} ${index}, which nobody sent`);
  if (way === "response" && story.client !== undefined)
    throw new Error(`${id} got a response after its end`);
  story.got[way] = index + 1;
}

/** Whether a handler that was told of the end of its requests has had them all. */
function readWhole(
  { responses: count, got: received }: Story,
  { id, how }: CallEvent & { kind: "ended" },
): void {
  if (how === "read whole" && received.request !== count)
    throw new Error(`${id} was read whole after ${received.request} requests`);
}

function endedWhole(
  { method, responses, got: received, sent: given, runs }: Story,
  { id, how }: CallEvent & { kind: "ended" },
): void {
  if (
    how === "complete" &&
    method !== "dub" &&
    responses > 0 &&
    runs.size === 0
  )
    throw new Error(`${id} is complete, and never ran`);
  if (
    how === "complete" &&
    method === "play" &&
    received.response !== responses
  )
    throw new Error(`${id} is complete after ${received.response} items`);
  if (how === "complete" && method === "dub" && received.response !== responses)
    throw new Error(`${id} is complete after ${received.response} replies`);
  if (how === "declared" && received.response !== given.response)
    throw new Error(`${id} failed before all had come`);
}
