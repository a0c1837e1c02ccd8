/** What a workload does, as a table of operations of which each seed uses some, in proportions of its own. */
import type { RandomProvider } from "../core/index.ts";
import { SimulationError } from "../sim/index.ts";

/** Operations by name. */
export type OperationTable = Readonly<Record<string, () => unknown>>;

/** How likely each operation is, relative to the others; 0 for those that this seed does without. */
export type OperationWeights<Name extends string = string> = Readonly<
  Record<Name, number>
>;

/** The operations of one workload in one seed. */
export interface Operations<Name extends string> {
  readonly weights: OperationWeights<Name>;
  /** Draw the next one. One draw, whatever this seed does without. */
  pick(): Name;
  /** Draw the next one, do it, and wait for it. Answers which it was, or rejects as it did. */
  next(): Promise<Name>;
}

/**
 * `off`: all operations, each as likely as the others. `random`: all of them, with drawn weights. `swarm`: the same, and
 * half of them are left out.
 */
export type OperationMode = "off" | "random" | "swarm";

const weights = [1, 2, 4, 8] as const;

/** The alphabets of one seed: workloads of one kind, and all their operations, share one. */
export class Alphabets {
  readonly #mode: OperationMode;
  readonly #stream: (name: string) => RandomProvider;
  readonly #drawn = new Map<string, OperationWeights>();
  readonly #byKind: Record<string, OperationWeights> = {};

  /** @param stream the seed's random stream of a name. */
  constructor(mode: OperationMode, stream: (name: string) => RandomProvider) {
    this.#mode = mode;
    this.#stream = stream;
  }

  /** What was drawn so far, by the workload's kind. */
  get drawn(): Readonly<Record<string, OperationWeights>> {
    return this.#byKind;
  }

  /** The weights of a kind's operations. Asked again, the same. */
  weightsOf(kind: string, names: readonly string[]): OperationWeights {
    if (this.#mode === "off") return evenly(names);
    const key = `operations ${kind} ${names.join(" ")}`;
    let drawn = this.#drawn.get(key);
    if (drawn === undefined) {
      drawn = this.#draw(this.#stream(key), names);
      this.#drawn.set(key, drawn);
      this.#byKind[kind] = { ...this.#byKind[kind], ...drawn };
    }
    return drawn;
  }

  #draw(random: RandomProvider, names: readonly string[]): OperationWeights {
    const all = names.map((name) => ({
      name,
      weight: random.pick(weights),
      takesPart: random.bool() || this.#mode !== "swarm",
    }));
    // A workload that does nothing tests nothing.
    const spared = random.pick(all);
    if (!all.some(({ takesPart }) => takesPart)) spared.takesPart = true;
    return Object.fromEntries(
      all.map(({ name, weight, takesPart }) => [name, takesPart ? weight : 0]),
    );
  }
}

/** All of them alike: where no laboratory decides. */
export function evenly(names: readonly string[]): OperationWeights {
  return Object.fromEntries(names.map((name) => [name, 1]));
}

/** A table with the weights of this seed. */
export function mixOperations<Table extends OperationTable>(
  table: Table,
  chosen: OperationWeights,
  random: RandomProvider,
): Operations<keyof Table & string> {
  const names: readonly (keyof Table & string)[] = Object.keys(table);
  const total = names.reduce((sum, name) => sum + (chosen[name] ?? 0), 0);
  const pick = (): keyof Table & string => {
    let point = random.below(total);
    for (const name of names) {
      point -= chosen[name] ?? 0;
      if (point < 0) return name;
    }
    return names[0] as keyof Table & string;
  };
  return {
    weights: chosen as OperationWeights<keyof Table & string>,
    pick,
    async next() {
      const name = pick();
      await table[name]?.();
      return name;
    },
  };
}

/** Refuse a table of which nothing can be picked. */
export function checkOperations(table: OperationTable): void {
  const bad = Object.entries(table).find(
    ([, operation]) => typeof operation !== "function",
  );
  if (bad === undefined && Object.keys(table).length > 0) return;
  const message =
    bad === undefined
      ? "operations({}) has nothing to do: name one operation at least"
      : `operation "${bad[0]}" is no function`;
  throw new SimulationError("bad_option", message, {
    option: "operations",
    value: bad?.[1],
  });
}
