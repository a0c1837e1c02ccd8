/** What a row of the benchmark table is. */

/** What one run of a row found out. */
export interface Figures {
  /** The figure that the target speaks of. */
  readonly value: number;
  /** The same figure of every peer, and of the ceiling if the row has one, measured in the same run. */
  readonly against: Readonly<Record<string, number>>;
  /** Anything a reader should know about this run, in a few words. */
  readonly note?: string;
}

/** Figures with what follows from them. */
export interface Result extends Figures {
  readonly id: string;
  readonly unit: string;
  /** Ours over theirs. */
  readonly ratio: Readonly<Record<string, number>>;
}

/** One row: what is measured, and what it should come to. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly target: Target;
  run(): Promise<Figures>;
}

/** A target in words, and as a condition. */
export interface Target {
  readonly text: string;
  isMet(result: Result): boolean;
}

/** Add the ratios. */
export function resultOf(row: Row, figures: Figures): Result {
  const ratio = Object.fromEntries(
    Object.entries(figures.against).map(([peer, value]) => [
      peer,
      figures.value / value,
    ]),
  );
  return { id: row.id, unit: row.unit, ...figures, ratio };
}

/** The middle one; the mean of the two in the middle when their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0)
    throw new RangeError("the median of no values is not defined");
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[middle - 1] as number) + upper) / 2;
}

/** At least this value. */
export function atLeast(value: number, text: string): Target {
  return { text, isMet: (result) => result.value >= value };
}

/** At least these ratios, each against the peer it is named after. */
export function ratiosAtLeast(
  ratios: Readonly<Record<string, number>>,
  text: string,
): Target {
  return {
    text,
    isMet: (result) =>
      Object.entries(ratios).every(
        ([peer, ratio]) => (result.ratio[peer] ?? 0) >= ratio,
      ),
  };
}
