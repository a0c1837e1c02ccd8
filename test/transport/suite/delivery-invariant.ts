/** What every way to ask promises, held against what really happened. */
import { assertSometimes } from "../../../src/assertions/index.ts";
import type { Invariant, InvariantView } from "../../../src/runner/index.ts";
import type { TimelineEntry } from "../../../src/sim/index.ts";
import { deliveries, type DeliveryEvent, type Mode } from "./events.ts";

/** One request so far. */
interface Story {
  readonly mode: Mode;
  readonly untilMs: number;
  /** How often it ran, by the life that ran it. */
  readonly runs: Map<string, number>;
  end: "open" | "replied" | "not_sent" | "maybe" | "answered";
}

/** A timer fires a little late at worst: its clock may run at another rate, and a stall delays it. */
export const deliveryInvariant = (): Invariant => {
  const stories = new Map<number, Story>();
  const judges: {
    [Kind in DeliveryEvent["kind"]]: (
      event: DeliveryEvent & { kind: Kind },
      story: Story,
    ) => void;
  } = {
    asked: () => undefined,
    ran: (event, story) => ran(story, event.life),
    replied: (event, story) => replied(story, event.same),
    failed: (event, story) => failed(story, event.delivery),
  };
  return {
    name: "every delivery keeps its promise",
    check(view: InvariantView): void {
      for (
        let entry = view.next(deliveries);
        entry !== undefined;
        entry = view.next(deliveries)
      ) {
        const story = storyOf(stories, entry);
        const judge = judges[entry.event.kind] as (
          event: DeliveryEvent,
          story: Story,
        ) => void;
        judge(entry.event, story);
      }
    },
  };
};

function storyOf(
  stories: Map<number, Story>,
  { event, atMs }: TimelineEntry<DeliveryEvent>,
): Story {
  const { id } = event;
  let story = stories.get(id);
  if (event.kind === "asked") {
    if (story !== undefined) throw new Error(`${id} was asked twice`);
    const untilMs = atMs + event.timeoutMs;
    story = { mode: event.mode, untilMs, runs: new Map(), end: "open" };
    stories.set(id, story);
  }
  if (story === undefined)
    throw new Error(`${id} ${event.kind}, and nobody asked`);
  return story;
}

function ran(story: Story, life: string): void {
  const { mode, runs, end } = story;
  runs.set(life, (runs.get(life) ?? 0) + 1);
  const total = [...runs.values()].reduce((sum, count) => sum + count, 0);
  if (end === "not_sent")
    throw new Error("a request runs that was said not to have been sent");
  if ((mode === "one_way" || mode === "at_most_once") && total > 1)
    throw new Error(`a request that is sent once (${mode}) ran ${total} times`);
  if (mode === "deduplicated" && runs.get(life) !== 1)
    throw new Error("a deduplicated request ran twice in one life");
  assertSometimes(total > 1, "a request runs twice");
}

function replied(story: Story, same: boolean): void {
  settle(story, "replied");
  if (!same) throw new Error("a reply belongs to another request");
  if (story.mode === "one_way")
    throw new Error("a one-way message is answered");
  if (story.runs.size === 0) throw new Error("a reply to what never ran");
}

function failed(story: Story, delivery: Story["end"]): void {
  settle(story, delivery);
  if (delivery === "not_sent" && story.runs.size > 0)
    throw new Error("a request ran that is said not to have been sent");
}

function settle(story: Story, end: Story["end"]): void {
  if (story.end !== "open") throw new Error("a request ended twice");
  story.end = end;
}
