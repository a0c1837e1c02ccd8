/** A simulated world: machines, a network, a clock, and chance from one seed. */
import { FaultLog } from "./fault-log.ts";
import { canonicalIpOf } from "./ip.ts";
import { drive, withThread, type DriveEnd } from "./drive.ts";
import { Engine, type TieBreak } from "./engine.ts";
import { checkSeed, SimulationError } from "./error.ts";
import { SimHandle } from "./handle.ts";
import { Incarnation } from "./incarnation.ts";
import type { Life, Machine } from "./machine.ts";
import { resolveNetworkConfiguration, type NetworkConfiguration } from "./network/network-config.ts";
import { SimNetwork } from "./network/sim-network.ts";
import { EventKind } from "./owner.ts";
import { SimProviders } from "./providers.ts";
import type { Breakpoint, SimRandomProvider } from "./random.ts";
import type { Settling } from "./settle.ts";
import { Disk } from "./storage/disk.ts";
import { resolveStorageConfiguration, type StorageConfiguration } from "./storage/storage-config.ts";
import { SimTimeProvider } from "./time.ts";
import { TraceLog } from "./trace-log.ts";

export interface SimWorldOptions {
  /** Decides everything that chance decides: a whole number from 0 to 2^53 - 1. */
  seed: number;
  /** Where chance is steered elsewhere. Default: nowhere. */
  recipe?: readonly Breakpoint[];
  /** Who goes first of those that are due at the same instant. Default `fifo`. */
  tieBreak?: TieBreak;
  /** How promise jobs are drained. Default `tick`; `barrier` is slower and gives the same trace. */
  settling?: Settling;
  network?: Partial<NetworkConfiguration>;
  storage?: Partial<StorageConfiguration>;
  /** How far a process's `timer()` may run ahead of its `now()`. Default 0. */
  clockDriftMaxMs?: number;
  /** How many trace entries to keep for reports. Default 0. */
  traceRecentMax?: number;
  /** Told when a process dies of an error. By default that ends the run, with the error. */
  onCrash?: (crash: Crash) => void;
}

/** A process, or the code that drives the world, failed with something nobody caught. */
export interface Crash {
  readonly ip: string;
  readonly life: number;
  readonly error: unknown;
  readonly atMs: number;
}

/**
 * One world. Time passes only inside `run`, `runUntil`, `runUntilEmpty` and `step`.
 *
 * Invariants
 * 1. The same seed, program and options give the same fingerprint.
 * 2. A machine has at most one living process; its disk outlives the process.
 * 3. After a kill nothing of that process happens any more.
 */
export class SimWorld {
  readonly seed: number;
  readonly engine: Engine;
  readonly faults: FaultLog = new FaultLog();
  readonly trace: TraceLog;
  readonly network: SimNetwork;
  /** The world's own clock, for those who act upon the world: it never dies and does not drift. */
  readonly time: SimTimeProvider;
  readonly #machines = new Map<string, Machine>();
  readonly #storage: Readonly<StorageConfiguration>;
  readonly #clockDriftMaxMs: number;
  readonly #settling: Settling;
  readonly #onCrash: ((crash: Crash) => void) | undefined;
  #births = 0;
  #failure: Crash | undefined;

  constructor(options: SimWorldOptions) {
    const { recipe = [], tieBreak = "fifo", settling = "tick", clockDriftMaxMs = 0, traceRecentMax = 0 } = options;
    this.seed = checkSeed(options.seed);
    this.engine = new Engine({ seed: this.seed, recipe, tieBreak });
    this.network = new SimNetwork(this.engine, resolveNetworkConfiguration(options.network), this.faults);
    this.trace = new TraceLog(traceRecentMax);
    this.time = new SimTimeProvider(new SimHandle(this.engine, this.engine.root), 0);
    this.#storage = resolveStorageConfiguration(options.storage);
    this.#clockDriftMaxMs = clockDriftMaxMs;
    this.#settling = settling;
    this.#onCrash = options.onCrash;
  }

  /** Simulated milliseconds since the world began. */
  get nowMs(): number {
    return this.engine.nowMicros / 1_000;
  }

  /** Events that happened so far. */
  get steps(): number {
    return this.engine.steps;
  }

  /** Events that are due later. */
  get pending(): number {
    return this.engine.queue.size;
  }

  /** 16 hexadecimal digits that stand for everything that happened so far. */
  get fingerprint(): string {
    return this.engine.fingerprint.toString();
  }

  /** Calls that dead processes made, resumed by promises of living ones. More than none deserves a look. */
  get ghostCalls(): number {
    return this.engine.ghostCalls;
  }

  /** The named random stream, for those who act upon the world. */
  random(name: string): SimRandomProvider {
    return this.engine.stream(name);
  }

  /** The world as the process at that address sees it. A dead or new address comes to life. */
  providers(ip: string): SimProviders {
    return this.#life(ip).providers;
  }

  /** The living process at that address; its `shutdown` signal fires on `stop`. */
  incarnation(ip: string): Incarnation {
    return this.#life(ip).incarnation;
  }

  isAlive(ip: string): boolean {
    return this.#machines.get(canonicalIpOf(ip))?.life !== undefined;
  }

  /** Begin `main` in the name of the process at that address, as an event. What it throws is the process's crash. */
  boot(ip: string, main: (providers: SimProviders, life: Incarnation) => unknown): Incarnation {
    const { incarnation, providers } = this.#life(ip);
    const begin = (): void => {
      const outcome = main(providers, incarnation);
      if (outcome instanceof Promise) outcome.catch((error: unknown) => this.#crashed(incarnation, error));
    };
    this.engine.schedule(0, incarnation, EventKind.process, call, begin);
    return incarnation;
  }

  /** Ask the process to stop: fires its `shutdown` signal, as an event of that process. */
  stop(ip: string): void {
    const life = this.#machines.get(canonicalIpOf(ip))?.life;
    if (life === undefined) return;
    const stop = (): void => life.incarnation.stop(new Error("the process is asked to stop"));
    this.engine.schedule(0, life.incarnation, EventKind.process, call, stop);
  }

  /** Power off, now: not a line of the process runs any more. Its disk keeps what was durable, or nothing if wiped. */
  kill(ip: string, options: { wipe?: boolean } = {}): void {
    const machine = this.#machines.get(canonicalIpOf(ip));
    if (machine?.life === undefined) return;
    const { incarnation } = machine.life;
    machine.life = undefined;
    incarnation.markDead();
    const wipe = options.wipe === true;
    this.engine.scheduleNext(this.engine.root, EventKind.process, bury, { world: this, machine, incarnation, wipe });
  }

  /** The event of a death: cut everything that the process had. */
  bury(grave: Grave): void {
    const { machine, incarnation, wipe } = grave;
    this.engine.queue.cancelAll(incarnation);
    for (const belonging of [...incarnation.belongings]) belonging.severed();
    incarnation.belongings.clear();
    this.network.forget(incarnation);
    machine.disk.crash();
    if (wipe) machine.disk.wipe();
  }

  /** Run `main` and let the world go on until it settles. Rejects with `SimulationError` `deadlock` if it never can. */
  async run<T>(main: () => Promise<T>): Promise<T> {
    const outcome = new Outcome<T>();
    this.engine.schedule(0, this.engine.root, EventKind.driver, call, () => {
      main().then(outcome.resolved, outcome.rejected);
    });
    const end = await this.runUntil(() => outcome.settled);
    if (end === "empty") throw this.#deadlock("the function given to run()");
    return outcome.value();
  }

  /** Let the world go on until `done`, asked after every event, or until nothing is left to happen. */
  async runUntil(done: () => boolean): Promise<DriveEnd> {
    const { engine } = this;
    const end = await withThread(engine, () =>
      drive({
        engine,
        settling: this.#settling,
        done: () => this.#failure !== undefined || done(),
        onError: (error) => this.#threw(error),
      }),
    );
    const failure = this.#failure;
    if (failure === undefined) return end;
    this.#failure = undefined;
    throw failure.error;
  }

  /** Let the world go on until nothing is left to happen. */
  async runUntilEmpty(): Promise<void> {
    await this.runUntil(never);
  }

  /** Let one event happen. False when there was none. */
  async step(): Promise<boolean> {
    const before = this.steps;
    await this.runUntil(() => this.steps > before);
    return this.steps > before;
  }

  /** The world is over. Whoever still uses its providers gets `SimulationError` `ended`. */
  end(): void {
    this.engine.end();
  }

  /** Something escaped during a step: it is the crash of whoever ran. */
  #threw(error: unknown): void {
    this.#crashed(this.engine.current as Incarnation, error);
  }

  #crashed(incarnation: Incarnation, error: unknown): void {
    if (!incarnation.alive) return;
    const { ip, life } = incarnation;
    const crash: Crash = { ip, life, error, atMs: this.nowMs };
    if (incarnation === this.engine.root || this.#onCrash === undefined) this.#failure ??= crash;
    else this.#onCrash(crash);
    if (incarnation !== this.engine.root) this.kill(ip);
  }

  #life(ip: string): Life {
    const machine = this.#machine(canonicalIpOf(ip));
    machine.life ??= this.#bear(machine);
    return machine.life;
  }

  #bear(machine: Machine): Life {
    machine.lives += 1;
    this.#births += 1;
    const incarnation = new Incarnation(this.#births, machine.ip, machine.lives);
    const handle = new SimHandle(this.engine, incarnation);
    const { network, trace } = this;
    const clockDriftMaxMs = this.#clockDriftMaxMs;
    const providers = new SimProviders({ handle, network, disk: machine.disk, trace, clockDriftMaxMs });
    return { incarnation, handle, providers };
  }

  #machine(ip: string): Machine {
    let machine = this.#machines.get(ip);
    if (machine === undefined) {
      machine = { ip, disk: new Disk(this.engine, ip, this.#storage, this.faults), lives: 0, life: undefined };
      this.#machines.set(ip, machine);
    }
    return machine;
  }

  #deadlock(waiting: string): SimulationError<"deadlock"> {
    const atMs = this.nowMs;
    const message = `nothing is left to happen at ${atMs} ms, but ${waiting} has not finished`;
    return new SimulationError("deadlock", message, { atMs, waiting });
  }
}

interface Grave {
  readonly world: SimWorld;
  readonly machine: Machine;
  readonly incarnation: Incarnation;
  readonly wipe: boolean;
}

/** What became of a promise, to be looked at from outside of any step. */
class Outcome<T> {
  #state: { kind: "pending" } | { kind: "value"; value: T } | { kind: "error"; error: unknown } = { kind: "pending" };

  get settled(): boolean {
    return this.#state.kind !== "pending";
  }

  readonly resolved = (value: T): void => {
    this.#state = { kind: "value", value };
  };

  readonly rejected = (error: unknown): void => {
    this.#state = { kind: "error", error };
  };

  value(): T {
    if (this.#state.kind === "value") return this.#state.value;
    throw this.#state.kind === "error" ? this.#state.error : new Error("the outcome is not known yet");
  }
}

function bury(grave: Grave): void {
  grave.world.bury(grave);
}

function call(callback: () => void): void {
  callback();
}

function never(): boolean {
  return false;
}
