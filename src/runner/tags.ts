/** What processes are labelled with, so that tests can speak of "rack a" or "the replicas". */
import { SimulationError } from "../sim/index.ts";

/** Keys with the values that take turns: process number `i` of a kind gets `values[i % values.length]` of each key. */
export type TagDimensions = Readonly<Record<string, readonly string[]>>;

/** The labels of one process: at most one value of each key, in the order in which the keys were given. */
export class ProcessTags implements Iterable<readonly [string, string]> {
  readonly #values: ReadonlyMap<string, string>;

  constructor(entries: Iterable<readonly [key: string, value: string]> = []) {
    this.#values = new Map(entries);
  }

  /** Whether it has none. */
  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  matches(key: string, value: string): boolean {
    return this.#values.get(key) === value;
  }

  *[Symbol.iterator](): Generator<readonly [string, string], void, undefined> {
    yield* this.#values;
  }
}

/** Who has no labels: workloads, and kinds for which none were asked. */
export const noTags: ProcessTags = new ProcessTags();

/** The labels of process number `index` of a kind. Each key goes round by itself. */
export function tagsOf(dimensions: TagDimensions, index: number): ProcessTags {
  const entries = Object.entries(dimensions);
  if (entries.length === 0) return noTags;
  return new ProcessTags(
    entries.map(([key, values]) => [
      key,
      values[index % values.length] as string,
    ]),
  );
}

/** Which process has which labels. */
export class TagRegistry {
  readonly #tags: ReadonlyMap<string, ProcessTags>;

  constructor(entries: Iterable<readonly [ip: string, tags: ProcessTags]>) {
    this.#tags = new Map(entries);
  }

  /** The addresses of all processes, labelled or not, in order. */
  get allIps(): string[] {
    return [...this.#tags.keys()];
  }

  /** The labels of the process at that address; `undefined` where there is no process. */
  tagsFor(ip: string): ProcessTags | undefined {
    return this.#tags.get(ip);
  }

  /** The processes labelled so, in order. Throws for a key that nobody has: it would silently select nobody. */
  ipsTagged(key: string, value: string): string[] {
    const all = [...this.#tags];
    if (!all.some(([, tags]) => tags.get(key) !== undefined))
      throw this.#unknown(key);
    return all.filter(([, tags]) => tags.matches(key, value)).map(([ip]) => ip);
  }

  #unknown(key: string): SimulationError<"bad_option"> {
    const known = new Set<string>();
    for (const tags of this.#tags.values())
      for (const [other] of tags) known.add(other);
    const message = `no process has a tag "${key}" here, only ${[...known].join(", ") || "none"}`;
    return new SimulationError("bad_option", message, {
      option: "tag",
      value: key,
    });
  }
}

/** Refuse tags that say nothing. */
export function checkTags(kind: string, tags: TagDimensions): void {
  for (const [key, values] of Object.entries(tags)) {
    const usable =
      Array.isArray(values) &&
      values.length > 0 &&
      values.every((value) => typeof value === "string");
    if (usable) continue;
    const message = `tag "${key}" of process "${kind}" cannot be ${JSON.stringify(values)}: a list of one or more texts is needed`;
    throw new SimulationError("bad_option", message, {
      option: "tags",
      value: values,
    });
  }
}
