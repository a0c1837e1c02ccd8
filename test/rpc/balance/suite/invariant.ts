/** What balanced calls promise, held against what really happened. */
import { assertSometimes } from "../../../../src/assertions/index.ts";
import type { Invariant, InvariantView } from "../../../../src/runner/index.ts";
import { type Allowed, type CallEvent, calls } from "./events.ts";

/** One call so far. */
interface Story {
  readonly allowed: Allowed;
  /** The servers where it ran, in order. */
  readonly ran: string[];
  end: "open" | "answered" | "not_sent" | "maybe" | "failed";
}

export const balancingInvariant = (): Invariant => {
  const stories = new Map<string, Story>();
  return {
    name: "a balanced call runs as often as it may, and says what became of it",
    check(view: InvariantView): void {
      for (
        let entry = view.next(calls);
        entry !== undefined;
        entry = view.next(calls)
      ) {
        const { event } = entry;
        const { id } = event;
        if (event.kind === "asked") {
          if (stories.has(id)) throw new Error(`${id} was asked twice`);
          const { allowed } = event;
          stories.set(id, { allowed, ran: [], end: "open" });
          continue;
        }
        const story = stories.get(id);
        if (story === undefined) throw new Error(`nobody asked ${id}`);
        judge(story, event);
      }
    },
  };
};

function judge(
  story: Story,
  event: Exclude<CallEvent, { kind: "asked" }>,
): void {
  const { id } = event;
  if (event.kind === "ran") return ran(story, id, event.server);
  if (story.end !== "open") throw new Error(`${id} ended twice`);
  if (event.kind === "answered") {
    story.end = "answered";
    if (!event.same) throw new Error(`${id} was answered with another reply`);
    if (story.ran.length === 0) throw new Error(`${id} was answered, unasked`);
    return;
  }
  story.end = event.delivery === "answered" ? "failed" : event.delivery;
  if (story.end === "not_sent" && story.ran.length > 0)
    throw new Error(`${id} ran, and is said not to have been sent`);
  const { allowed } = story;
  assertSometimes(
    allowed === "once" && event.delivery === "maybe",
    "a call that may run once is left in doubt",
  );
}

function ran(story: Story, id: string, server: string): void {
  story.ran.push(server);
  const { allowed, end } = story;
  const times = story.ran.length;
  if (end === "not_sent")
    throw new Error(`${id} runs, and was said not to have been sent`);
  if (allowed === "once" && times > 1)
    throw new Error(`${id} may run once, and ran at ${story.ran.join(", ")}`);
  const there = story.ran.filter((other) => other === server).length;
  if (allowed === "at_each" && there > 1)
    throw new Error(`${id} ran ${there} times at ${server}`);
  assertSometimes(allowed === "again" && times > 1, "a call runs twice");
}
