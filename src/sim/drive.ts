/** Driving an engine: slices of steps, with the event loop let in between, one world at a time per thread. */
import { hostNowMs } from "../node/index.ts";
import type { Engine } from "./engine.ts";
import { SimulationError } from "./error.ts";
import {
  asMacrotask,
  canSettleNow,
  Guard,
  settleNow,
  type Settling,
} from "./settle.ts";

/** What drives an engine, and what it is told on the way. */
export interface Drive {
  readonly engine: Engine;
  readonly settling: Settling;
  /** Asked after every step. */
  readonly done: () => boolean;
  /** Something was thrown, or rejected and not handled, during a step. */
  readonly onError: (error: unknown) => void;
  /** Called before a slice of steps, so that listeners can be hooked in, and after it, to unhook them. */
  readonly enter: () => void;
  readonly leave: () => void;
  /** Called after every step, once it has settled. What it throws ends the driving. */
  readonly afterEvent?: () => void;
}

/** Why driving ended. */
export type DriveEnd = "done" | "empty";

/** How long a slice may keep the thread from its event loop: progress bars and Ctrl-C live there. */
const sliceMsMax = 10;
/** Steps between two looks at the host's clock. */
const stepsPerLook = 256;

/** Step until `done()` or until nothing is left to happen. */
export async function drive(run: Drive): Promise<DriveEnd> {
  if (run.settling === "barrier") return driveByTurning(run);
  for (;;) {
    const end = await asMacrotask(() => guardedSlice(run));
    if (end === "unsettled") return driveByTurning(run);
    if (end !== "more") return end;
  }
}

function guardedSlice(run: Drive): DriveEnd | "more" | "unsettled" {
  if (!canSettleNow()) return "unsettled";
  const guard = new Guard(run.onError);
  guard.install();
  run.engine.stepping = true;
  run.enter();
  try {
    return slice(run);
  } finally {
    run.leave();
    run.engine.stepping = false;
    guard.remove();
    run.engine.queue.forget();
  }
}

/** The hottest loop of the laboratory (bench row `sim.sleepers`). */
function slice(run: Drive): DriveEnd | "more" {
  const { engine, done, afterEvent } = run;
  const untilMs = hostNowMs() + sliceMsMax;
  for (;;) {
    for (let count = 0; count < stepsPerLook; count += 1) {
      if (done()) return "done";
      if (!fireSafely(run)) return "empty";
      settleNow();
      engine.finish();
      if (afterEvent !== undefined) afterEvent();
    }
    if (hostNowMs() >= untilMs) return "more";
  }
}

/** The same steps, one turn of the event loop each: for hosts and programs that need real turns. */
async function driveByTurning(run: Drive): Promise<DriveEnd> {
  const guard = new Guard(run.onError);
  const presence = new Presence(run);
  guard.install();
  try {
    let begun = false;
    for (;;) {
      const stepped = begun;
      const end = await asMacrotask(
        () => {
          presence.enter();
          return turn(run, stepped);
        },
        () => presence.leave(),
      );
      if (end !== "more") return end;
      begun = true;
    }
  } finally {
    presence.leave();
    guard.remove();
    run.engine.queue.forget();
  }
}

/** Others have the thread between two turns: listeners are hooked in during each. */
class Presence {
  readonly #run: Drive;
  #within = false;

  constructor(run: Drive) {
    this.#run = run;
  }

  enter(): void {
    if (!this.#within) this.#run.enter();
    this.#within = true;
  }

  leave(): void {
    if (this.#within) this.#run.leave();
    this.#within = false;
  }
}

/** End the step before, which has settled by now, and begin the next. Not in a promise job, where ticks would come last. */
function turn(run: Drive, stepped: boolean): DriveEnd | "more" {
  run.engine.finish();
  if (stepped) run.afterEvent?.();
  if (run.done()) return "done";
  return fireSafely(run) ? "more" : "empty";
}

function fireSafely(run: Drive): boolean {
  try {
    return run.engine.fire();
  } catch (error) {
    run.onError(error);
    return true;
  }
}

/** The tail of the line of worlds that wait for this thread. */
let lastInLine: Promise<unknown> = Promise.resolve();
let active: Engine | undefined;

/**
 * Have the thread for one engine alone. Others wait in line; a world inside a world's step is refused. Where each step
 * is a turn of the event loop nobody can tell who asks, so there everybody waits in line.
 */
export function withThread<T>(
  engine: Engine,
  work: () => Promise<T>,
): Promise<T> {
  if (active?.stepping === true) {
    throw new SimulationError(
      "nested",
      "a world cannot run inside a step of another world: await it outside",
      {},
    );
  }
  const turn = lastInLine.then(async () => {
    active = engine;
    try {
      return await work();
    } finally {
      active = undefined;
    }
  });
  lastInLine = turn.catch(ignore);
  return turn;
}

/** The engine whose step is running on this thread, if any. */
export function activeEngine(): Engine | undefined {
  return active;
}

function ignore(): void {
  // Whoever ran that world hears of its failure; the next in line does not care.
}
