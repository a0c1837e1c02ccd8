/** How to steer a timeline to a bug: text that fits into the line one pastes to replay it. */
import { SimulationError } from "./error.ts";
import type { Breakpoint } from "./random.ts";

/** A failing timeline: the seed it starts from, and where it was steered elsewhere. */
export interface BugRecipe {
  readonly seed: number;
  readonly recipe: readonly Breakpoint[];
}

/** `151@8837201 -> 80@1293847`: after 151 draws go on with that seed, 80 draws later with the next. */
export function formatTimeline(recipe: readonly Breakpoint[]): string {
  return recipe.map(({ count, seed }) => `${count}@${seed}`).join(" -> ");
}

/** Read what `formatTimeline` writes. An empty text is an empty recipe. */
export function parseTimeline(text: string): Breakpoint[] {
  if (text.trim() === "") return [];
  return text.split("->").map((segment) => parseSegment(segment.trim(), text));
}

function parseSegment(segment: string, text: string): Breakpoint {
  const match = /^(\d+)@(\d+)$/.exec(segment);
  const [count, seed] = [Number(match?.[1]), Number(match?.[2])];
  if (Number.isSafeInteger(count) && Number.isSafeInteger(seed))
    return { count, seed };
  const message = `"${segment}" is no step of a recipe: write count@seed, joined by " -> "`;
  throw new SimulationError("bad_recipe", message, { text, segment });
}
