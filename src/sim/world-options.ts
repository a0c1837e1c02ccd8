/** What a world may be told, and what it tells. */
import type { RandomProvider } from "../core/index.ts";
import type { ClockConfiguration } from "./clock-config.ts";
import type { Decision } from "./decisions.ts";
import type { TieBreak } from "./engine.ts";
import type { EventLog } from "./event-log.ts";
import type { NetworkConfiguration } from "./network/network-config.ts";
import type { Breakpoint } from "./random.ts";
import type { Settling } from "./settle.ts";
import type { StorageConfiguration } from "./storage/storage-config.ts";

/** What may be drawn from the seed, because it says how the world behaves and not what it is. */
export interface Weather {
  /** Who goes first of those that are due at the same instant. Default `fifo`. */
  tieBreak?: TieBreak;
  network?: Partial<NetworkConfiguration>;
  storage?: Partial<StorageConfiguration>;
  /** What differs from `storage` at single machines, by address. `damagedCopiesMax` is for all of them. Default: nothing. */
  disks?: Readonly<Record<string, Partial<StorageConfiguration>>>;
  /** How far a process's `timer()` may run ahead of its `now()`, in milliseconds. Default 0. */
  clockDriftMaxMs?: number;
  /** How wrong wall clocks are, and how late timers. Default: not at all. */
  clock?: Partial<ClockConfiguration>;
}

export interface SimWorldOptions extends Weather {
  /** Decides everything that chance decides: a whole number from 0 to 2^53 - 1. */
  seed: number;
  /** Where chance is steered elsewhere. Default: nowhere. */
  recipe?: readonly Breakpoint[];
  /** Draws the weather from the seed. What it returns overrides the options beside it. */
  drawWeather?: (random: RandomProvider) => Weather;
  /** Keep every draw as a `Decision`, in `world.decisions`. Default false. */
  recordDecisions?: boolean;
  /**
   * Draws decided beforehand, by stream and site, as another world recorded them. What is missing, or does not fit what is
   * asked any more, is drawn from the seed. Default: none.
   */
  decisions?: readonly Decision[];
  /** How promise jobs are drained. Default `tick`; `barrier` is slower and gives the same trace. */
  settling?: Settling;
  /** How many trace entries to keep for reports. Default 0. */
  traceRecentMax?: number;
  /** To be filled with everything that happens, so that two runs can be compared. Default: none. */
  log?: EventLog;
  /** Keep where each thing of a process was made, for `inventory`: every connection, task and sleep looks at the stack. Default false. */
  keepOrigins?: boolean;
  /** Told when a process dies of an error. By default that ends the run, with the error. */
  onCrash?: (crash: Crash) => void;
  /** Called before and after each slice of steps, outside of which other code has the thread. */
  enter?: () => void;
  leave?: () => void;
  /** Called after every event, once all that it caused has settled: to look. What it throws ends the run. */
  afterEvent?: () => void;
}

/** A process, or the code that drives the world, failed with something that nobody caught. */
export interface Crash {
  readonly ip: string;
  /** Which life of the process at that address; 1 is the first. */
  readonly life: number;
  readonly error: unknown;
  readonly atMs: number;
}

/** Every option of a world: a name that is not among them is a mistake. */
export const worldOptionNames: readonly string[] = [
  ...[
    "seed",
    "recipe",
    "recordDecisions",
    "decisions",
    "settling",
    "traceRecentMax",
    "keepOrigins",
    "log",
    "onCrash",
    "enter",
    "leave",
    "afterEvent",
    "drawWeather",
  ],
  ...["tieBreak", "network", "storage", "disks", "clockDriftMaxMs", "clock"],
];
