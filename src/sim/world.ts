/** A simulated world: machines, a network, a clock, and chance from one seed. */
import type { MachineClock } from "./clock.ts";
import type { Decision } from "./decisions.ts";
import { drive, withThread, type Drive, type DriveEnd } from "./drive.ts";
import type { Engine } from "./engine.ts";
import { checkOptionNames, checkSeed, deadlock } from "./error.ts";
import type { EventListener, ScheduledEvent } from "./event.ts";
import { scheduledEvents } from "./event-watch.ts";
import type { FaultLog } from "./fault-log.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Inventory } from "./inventory.ts";
import type { DeathOptions } from "./life.ts";
import type { Machines } from "./machines.ts";
import type { SimNetwork } from "./network/sim-network.ts";
import { Outcome } from "./outcome.ts";
import { EventKind } from "./owner.ts";
import type { SimProviders } from "./providers.ts";
import type { SimRandomProvider } from "./random.ts";
import type { Settling } from "./settle.ts";
import type { StateHandle } from "./state-handle.ts";
import type { Disk } from "./storage/disk.ts";
import type { SimTimeProvider } from "./time.ts";
import type { TraceLog } from "./trace-log.ts";
import { begin, boot } from "./world-actions.ts";
import { assembleWorld } from "./world-parts.ts";
import {
  worldOptionNames,
  type Crash,
  type SimWorldOptions,
} from "./world-options.ts";

/**
 * One world. Time passes only inside `run`, `runUntil`, `runUntilEmpty` and `step`.
 *
 * Invariants
 * 1. The same seed, program and options give the same fingerprint.
 * 2. After a kill nothing of that process happens any more.
 * 3. What nobody catches is the crash of whoever ran in that step; of the world itself, if that drove it.
 */
export class SimWorld {
  readonly seed: number;
  readonly faults: FaultLog;
  readonly trace: TraceLog;
  /** What the parts of this world share, for tests only. What is put down here is the world's own. */
  readonly state: StateHandle;
  readonly network: SimNetwork;
  /** The world's own clock, for those who act upon the world: it never dies and does not drift. */
  readonly time: SimTimeProvider;
  readonly #engine: Engine;
  readonly #machines: Machines;
  readonly #settling: Settling;
  readonly #onCrash: ((crash: Crash) => void) | undefined;
  readonly #hooks: Pick<Drive, "enter" | "leave" | "afterEvent">;
  #failure: Crash | undefined;

  constructor(options: SimWorldOptions) {
    checkOptionNames("a world", options, worldOptionNames);
    this.seed = checkSeed(options.seed);
    const parts = assembleWorld(options);
    this.faults = parts.faults;
    this.trace = parts.trace;
    this.state = parts.state;
    this.network = parts.network;
    this.time = parts.time;
    this.#engine = parts.engine;
    this.#machines = parts.machines;
    this.#settling = options.settling ?? "tick";
    this.#onCrash = options.onCrash;
    const { enter = nothing, leave = nothing, afterEvent } = options;
    this.#hooks = { enter, leave, ...(afterEvent && { afterEvent }) };
  }

  /** Simulated milliseconds since the world began. */
  get nowMs(): number {
    return this.#engine.nowMicros / 1_000;
  }

  /** Events that happened so far. */
  get steps(): number {
    return this.#engine.steps;
  }

  /** Events that are due later. */
  get pending(): number {
    return this.#engine.queue.size;
  }

  /** What is due later, the earliest first: a picture of this moment, made when it is asked for. */
  get pendingEvents(): ScheduledEvent[] {
    return scheduledEvents(this.#engine.queue);
  }

  /**
   * Be told of every event, just before it takes effect. What the listener throws ends the run, as an error of the
   * world's driver. Returns how to stop listening. Costs nothing while nobody does.
   */
  onEvent(listener: EventListener): () => void {
    return this.#engine.watch.listen(listener);
  }

  /** 16 hexadecimal digits that stand for everything that happened so far. */
  get fingerprint(): string {
    return this.#engine.fingerprint.toString();
  }

  /** Who is running: the owner of the event that is being dispatched or settled; between steps, the world itself. */
  get current(): Incarnation {
    return this.#engine.current;
  }

  /** Random draws since the start or the last breakpoint. */
  get draws(): number {
    return this.#engine.draws.count;
  }

  /** Every draw so far, if they are recorded. */
  get decisions(): readonly Decision[] {
    return this.#engine.draws.decisions?.made ?? [];
  }

  /** Calls that dead processes made, resumed by promises of living ones. More than none deserves a look. */
  get ghostCalls(): number {
    return this.#engine.ghostCalls;
  }

  /** The named random stream, for those who act upon the world. */
  random(name: string): SimRandomProvider {
    return this.#engine.stream(name);
  }

  /** The world as the process at that address sees it. A dead or new address comes to life. */
  providers(ip: string): SimProviders {
    return this.#machines.life(ip).providers;
  }

  isAlive(ip: string): boolean {
    return this.#machines.living(ip) !== undefined;
  }

  /**
   * What the process at that address has at this moment, and what it waits for. Undefined when nobody lives there.
   * Costs nothing until it is asked.
   */
  inventory(ip: string): Inventory | undefined {
    return this.#machines.inventory(ip);
  }

  /** Begin `main` in the name of the process at that address, as an event. What it throws is the process's crash. */
  boot(
    ip: string,
    main: (providers: SimProviders, incarnation: Incarnation) => unknown,
  ): Incarnation {
    const { incarnation, providers } = this.#machines.life(ip);
    this.#engine.schedule(0, incarnation, EventKind.process, boot, () => {
      const outcome = main(providers, incarnation);
      if (outcome instanceof Promise)
        outcome.catch((error: unknown) => this.#crashed(incarnation, error));
    });
    return incarnation;
  }

  /** Ask the process to stop: fires its `shutdown` signal, in an event of that process. */
  stop(ip: string): void {
    this.#machines.stop(ip);
  }

  /** End a process, now: not a line of it runs any more. False when nobody lived there. */
  kill(ip: string, options: DeathOptions = {}): boolean {
    return this.#machines.kill(ip, options);
  }

  /** The clock of the machine at that address, to be set and slowed. */
  clock(ip: string): MachineClock {
    return this.#machines.clock(ip);
  }

  /** The disk of the machine at that address, to be looked into, broken and told how to behave. */
  disk(ip: string): Disk {
    return this.#machines.disk(ip);
  }

  /**
   * Let the process at that address stand still: nothing happens to it for so long, then everything that was due
   * meanwhile does, in order. False when nobody lives there.
   */
  stall(ip: string, ms: number): boolean {
    return this.#machines.stall(ip, ms);
  }

  /** Whether the process at that address stands still at present. */
  isStalled(ip: string): boolean {
    return this.#machines.isStalled(ip);
  }

  /** Everything that chance and others broke is whole again: network, clocks, disks, processes that stand still. */
  calm(): void {
    this.network.calm();
    this.#machines.calm();
  }

  /** Let chance break things again, as it was told to when the world was made. */
  storm(): void {
    this.network.storm();
    this.#machines.storm();
  }

  /** Run `main` and let the world go on until it settles. Rejects with `SimulationError` `deadlock` if it never can. */
  async run<T>(main: () => Promise<T>): Promise<T> {
    const outcome = new Outcome<T>();
    this.#engine.schedule(0, this.#engine.root, EventKind.driver, begin, () =>
      outcome.follow(main),
    );
    const end = await this.runUntil(() => outcome.settled);
    if (end === "empty")
      throw deadlock(
        this.nowMs,
        "the function given to run()",
        this.#machines.waits,
      );
    return outcome.unwrap();
  }

  /** Let the world go on until `done`, asked before every event, or until nothing is left to happen. */
  async runUntil(done: () => boolean): Promise<DriveEnd> {
    const engine = this.#engine;
    const end = await withThread(engine, () =>
      drive({
        engine,
        settling: this.#settling,
        done: () => this.#failure !== undefined || done(),
        onError: (error) => this.#crashed(engine.current, error),
        ...this.#hooks,
      }),
    );
    const failure = this.#failure;
    if (failure === undefined) return end;
    this.#failure = undefined;
    throw failure.error;
  }

  /** Let the world go on until nothing is left to happen. */
  async runUntilEmpty(): Promise<void> {
    await this.runUntil(() => false);
  }

  /** Let one event happen. False when there was none. */
  async step(): Promise<boolean> {
    const before = this.steps;
    await this.runUntil(() => this.steps > before);
    return this.steps > before;
  }

  /** The world is over. Whoever still uses its providers gets `SimulationError` `ended`. */
  end(): void {
    this.#engine.end();
    this.#machines.end();
  }

  #crashed(incarnation: Incarnation, error: unknown): void {
    if (!incarnation.alive) return;
    const { ip, life } = incarnation;
    const crash: Crash = { ip, life, error, atMs: this.nowMs };
    const driver = incarnation === this.#engine.root;
    if (driver || this.#onCrash === undefined) this.#failure ??= crash;
    else this.#onCrash(crash);
    if (!driver) this.kill(ip);
  }
}

/** Nobody hooked in. */
const nothing = (): void => undefined;
