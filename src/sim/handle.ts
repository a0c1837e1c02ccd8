/** What every provider of a simulated process holds: the engine, and in whose name it acts. */
import type { Timer } from "../core/index.ts";
import type { Engine } from "./engine.ts";
import { SimulationError } from "./error.ts";
import type { Belonging, Incarnation } from "./incarnation.ts";
import { SimRandomProvider } from "./random.ts";

/**
 * One incarnation's access to the world. Providers ask `usable` before they do anything; when it is false they return
 * `unusable()`, which never settles for the dead and rejects once the world is over.
 */
export class SimHandle {
  readonly engine: Engine;
  readonly incarnation: Incarnation;
  /** Chance for this process. */
  readonly random: SimRandomProvider;

  constructor(engine: Engine, incarnation: Incarnation) {
    this.engine = engine;
    this.incarnation = incarnation;
    // Not from the engine, which would keep a stream for every life there ever was.
    this.random = new SimRandomProvider(
      engine.draws,
      `process ${incarnation.ip}#${incarnation.life}`,
    );
  }

  get usable(): boolean {
    return this.incarnation.alive && !this.engine.ended;
  }

  /** Whether what this process puts down counts; a dead one's calls are counted instead. */
  mayWrite(): boolean {
    if (this.usable) return true;
    if (!this.engine.ended) this.engine.ghostCalls += 1;
    return false;
  }

  /** This is the process's from now on: it is cut when the process dies. */
  own(belonging: Belonging): void {
    this.incarnation.belongings.add(belonging);
    this.engine.origins?.keep(belonging);
  }

  /** The outcome of a call that can have none. */
  unusable(): Promise<never> {
    if (this.engine.ended) return Promise.reject(worldEnded());
    this.engine.ghostCalls += 1;
    return new Promise<never>(never);
  }

  /** A timer of somebody who has no time left. */
  inertTimer(): Timer {
    if (this.engine.ended) throw worldEnded();
    this.engine.ghostCalls += 1;
    return inert;
  }
}

const inert: Timer = Object.freeze({ cancel: never });

function worldEnded(): SimulationError<"ended"> {
  return new SimulationError(
    "ended",
    "this provider's world has ended: nothing can happen in it any more",
    {},
  );
}

function never(): void {
  // Nothing happens, by design.
}
