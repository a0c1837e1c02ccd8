/** What one seed was asked, and what it came to. */
import type {
  Breakpoint,
  EventLog,
  Settling,
  SimFaultEvent,
  TimelineEntry,
  TraceEntry,
} from "../sim/index.ts";
import type { DrawnChaos } from "./chaos.ts";
import type { Divergence } from "./divergence.ts";
import type { Failure } from "./failure.ts";
import type { InvariantResult } from "./invariant.ts";
import type { Leftover } from "./settle.ts";
import type { Observation } from "./observations.ts";
import type { AllowEscape, Escape, EscapeMode } from "./proof-escapes.ts";

export interface SeedRunOptions {
  readonly seed: number;
  readonly recipe: readonly Breakpoint[];
  readonly settling: Settling;
  /** How many trace entries to keep. 0 makes tracing free. */
  readonly traceRecentMax: number;
  /** Whether to keep where things were made. It costs a look at the stack for each. */
  readonly keepOrigins: boolean;
  /** To be filled with everything that happens. */
  readonly log: EventLog | undefined;
  /** What becomes of uses of the machine. */
  readonly escapes: EscapeMode;
  readonly allowEscape: AllowEscape;
}

export interface SeedResult {
  readonly seed: number;
  readonly fingerprint: string;
  readonly simulatedMs: number;
  readonly events: number;
  /** Random draws since the start or the last breakpoint. */
  readonly draws: number;
  /** How often each kind of fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly observations: readonly Observation[];
  readonly invariants: readonly InvariantResult[];
  /** How many assertions that must always hold were evaluated inside `check`. */
  readonly checked: number;
  /** Whether any workload has a `check` at all. */
  readonly hasCheck: boolean;
  readonly failures: readonly Failure[];
  /** The last faults before the first failure. */
  readonly struck: readonly TimelineEntry<SimFaultEvent>[];
  /** Where it parted from another run of the same seed, if it did. */
  readonly divergence?: Divergence | undefined;
  /** Calls made by dead processes, which had no effect. */
  readonly ghostCalls: number;
  /** What members still held after they had been asked to stop. */
  readonly leftovers: readonly Leftover[];
  /** Uses of the machine's own clock, entropy, files and sockets. */
  readonly escapes: readonly Escape[];
  /** What was drawn for this seed. */
  readonly chaos: DrawnChaos;
  /** The last trace entries before the first failure, if they were asked for. */
  readonly recent: readonly TraceEntry[];
}
