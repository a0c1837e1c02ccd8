/** How likely what may strike while a disk works is; what a loss of power does is another matter. */
import type { RandomProvider } from "../../core/index.ts";
import type { StorageConfiguration } from "./storage-config.ts";

type Strike = Extract<
  keyof StorageConfiguration,
  | `${"read" | "write"}FaultProbability`
  | `misdirect${string}`
  | "phantomWriteProbability"
  | "syncFailureProbability"
  | "ioErrorProbability"
  | "diskFullProbability"
  | "shortOperationProbability"
>;

/** How likely each fault is. */
export type DiskOdds = Readonly<Record<Strike, number>>;

/** Throws the dice. What cannot strike draws nothing. */
export class DiskLuck {
  /** Undefined while nothing can strike. */
  odds: DiskOdds | undefined;
  readonly random: RandomProvider;

  constructor(random: RandomProvider) {
    this.random = random;
  }

  mayStrike(strike: Strike): boolean {
    return this.odds !== undefined && this.odds[strike] > 0;
  }

  strikes(strike: Strike): boolean {
    const probability = this.odds?.[strike] ?? 0;
    return probability > 0 && this.random.bool(probability);
  }
}

/** What strikes a disk that behaves like that; undefined if nothing does, so that working costs no more than that. */
export function oddsOf(
  config: Readonly<StorageConfiguration>,
): DiskOdds | undefined {
  const odds = config.damagedCopiesMax > 0 ? config : undamaging(config);
  return strikes.some((strike) => odds[strike] > 0) ? odds : undefined;
}

/** No damage at all where no copy may be damaged, so that nothing is drawn for it. */
function undamaging(config: Readonly<StorageConfiguration>): DiskOdds {
  return {
    ...config,
    ...{ readFaultProbability: 0, writeFaultProbability: 0 },
    ...{ misdirectReadProbability: 0, misdirectWriteProbability: 0 },
    phantomWriteProbability: 0,
  };
}

const strikes: readonly Strike[] = [
  "readFaultProbability",
  "writeFaultProbability",
  "misdirectReadProbability",
  "misdirectWriteProbability",
  "phantomWriteProbability",
  "syncFailureProbability",
  "ioErrorProbability",
  "diskFullProbability",
  "shortOperationProbability",
];
