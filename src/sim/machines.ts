/** The machines of a world: addresses with disks, on which one life of a process follows another. */
import { MachineClock } from "./clock.ts";
import type { ClockConfiguration } from "./clock-config.ts";
import type { Engine } from "./engine.ts";
import { named } from "./event.ts";
import type { FaultLog } from "./fault-log.ts";
import { SimHandle } from "./handle.ts";
import { Incarnation } from "./incarnation.ts";
import { takeInventory, type Inventory } from "./inventory.ts";
import { canonicalIpOf } from "./ip.ts";
import type { DeathOptions, Life } from "./life.ts";
import type { SimNetwork } from "./network/sim-network.ts";
import { EventKind } from "./owner.ts";
import { SimProviders } from "./providers.ts";
import type { SharedState } from "./state.ts";
import { Disk } from "./storage/disk.ts";
import { FaultAtlas } from "./storage/fault-atlas.ts";
import type { StorageConfiguration } from "./storage/storage-config.ts";
import { toMicros } from "./time.ts";
import type { TraceLog } from "./trace-log.ts";
import { askToStop } from "./world-actions.ts";

interface Machine {
  readonly ip: string;
  readonly disk: Disk;
  readonly clock: MachineClock;
  /** How many lives there were so far. */
  lives: number;
  /** The present one, if any. */
  life: Life | undefined;
}

export interface MachinesParts {
  readonly engine: Engine;
  readonly network: SimNetwork;
  readonly trace: TraceLog;
  readonly faults: FaultLog;
  readonly shared: SharedState;
  readonly storage: Readonly<StorageConfiguration>;
  /** Disks that differ from that, by address. */
  readonly disks: ReadonlyMap<string, Readonly<StorageConfiguration>>;
  readonly clockDriftMaxMs: number;
  readonly clock: Readonly<ClockConfiguration>;
}

/**
 * Invariants
 * 1. A machine has at most one living process; its disk outlives the process.
 * 2. A death is an event: nobody is half-way through anything when it strikes.
 * 3. After it, nothing that belonged to the dead process is pending anywhere.
 */
export class Machines {
  readonly #parts: MachinesParts;
  readonly #machines = new Map<string, Machine>();
  #births = 0;
  readonly #atlas: FaultAtlas;
  /** Whether clocks and disks are as wrong as they were told to be. */
  #stormy = true;

  constructor(parts: MachinesParts) {
    this.#parts = parts;
    this.#atlas = new FaultAtlas(parts.storage.damagedCopiesMax);
  }

  /** The disk of the machine at that address. */
  disk(ip: string): Disk {
    return this.#machine(canonicalIpOf(ip)).disk;
  }

  /** The clock of the machine at that address. */
  clock(ip: string): MachineClock {
    return this.#machine(canonicalIpOf(ip)).clock;
  }

  /** Let whoever lives there stand still for a while. False when nobody does. */
  stall(ip: string, ms: number): boolean {
    const incarnation = this.living(ip)?.incarnation;
    if (incarnation === undefined) return false;
    this.#parts.engine.stall(incarnation, toMicros(ms));
    this.#parts.faults.count("stall", ip);
    return true;
  }

  /** Whether whoever lives there stands still. */
  isStalled(ip: string): boolean {
    const incarnation = this.living(ip)?.incarnation;
    if (incarnation === undefined) return false;
    return incarnation.resumeAtMicros > this.#parts.engine.nowMicros;
  }

  /** All clocks run right, timers are exact, disks are whole, and nobody stands still. */
  calm(): void {
    this.#parts.engine.resumeAll();
    this.#stormy = false;
    for (const { clock, disk } of this.#machines.values()) {
      clock.calm();
      disk.calm();
    }
  }

  /** Clocks and disks go wrong again, as the world was told when it was made. */
  storm(): void {
    this.#stormy = true;
    for (const { clock, disk } of this.#machines.values()) {
      clock.storm(this.#parts.clock, this.#parts.clockDriftMaxMs);
      disk.storm();
    }
  }

  /** The life at that address. A dead or new address comes to life. */
  life(ip: string): Life {
    const machine = this.#machine(canonicalIpOf(ip));
    machine.life ??= this.#bear(machine);
    return machine.life;
  }

  /** The life at that address, if there is one. */
  living(ip: string): Life | undefined {
    return this.#machines.get(canonicalIpOf(ip))?.life;
  }

  /** What whoever lives there has, and waits for. */
  inventory(ip: string): Inventory | undefined {
    const life = this.living(ip);
    if (life === undefined) return undefined;
    const { incarnation, providers } = life;
    const { engine } = this.#parts;
    return takeInventory(incarnation, providers.tasks.inspect(), engine);
  }

  /** `; 10.0.1.1 waits for bytes from 10.0.1.2:7`, for everybody who is known to wait. */
  get waits(): string {
    return [...this.#machines.keys()]
      .map((ip) => ({ ip, waits: this.inventory(ip)?.waits ?? [] }))
      .filter(({ waits }) => waits.length > 0)
      .map(({ ip, waits }) => `; ${ip} waits for ${waits.join(", ")}`)
      .join("");
  }

  /** Ask whoever lives there to stop, in an event of its own. */
  stop(ip: string): void {
    const incarnation = this.living(ip)?.incarnation;
    if (incarnation === undefined) return;
    const stop = (): void =>
      incarnation.stop(new Error("the process is asked to stop"));
    const { engine } = this.#parts;
    engine.schedule(0, incarnation, EventKind.process, askToStop, stop);
  }

  /** End a life. The disk keeps what was durable, or nothing if wiped. False when nobody lived there. */
  kill(ip: string, { wipe = false, silent = false }: DeathOptions): boolean {
    const machine = this.#machines.get(canonicalIpOf(ip));
    if (machine?.life === undefined) return false;
    const { incarnation } = machine.life;
    machine.life = undefined;
    incarnation.markDead();
    const { engine, network } = this.#parts;
    if (silent) network.power(machine.ip, false);
    engine.scheduleNext(engine.root, EventKind.process, bury, {
      machines: this,
      disk: machine.disk,
      incarnation,
      wipe,
      silent,
    });
    return true;
  }

  /** The event of a death: cut everything that the process had. */
  bury({ incarnation, disk, wipe, silent }: Grave): void {
    this.#parts.engine.queue.cancelAll(incarnation);
    for (const belonging of [...incarnation.belongings])
      belonging.severed(silent);
    incarnation.belongings.clear();
    incarnation.gone();
    this.#parts.network.forget(incarnation);
    disk.crash();
    if (wipe) disk.wipe();
  }

  /** The world is over for all of them. */
  end(): void {
    for (const { life } of this.#machines.values()) life?.incarnation.gone();
  }

  #machine(ip: string): Machine {
    let machine = this.#machines.get(ip);
    if (machine === undefined) {
      const { engine, faults } = this.#parts;
      const clock = new MachineClock(engine, ip, faults);
      if (this.#stormy)
        clock.storm(this.#parts.clock, this.#parts.clockDriftMaxMs);
      machine = {
        ip,
        clock,
        disk: this.#makeDisk(ip),
        lives: 0,
        life: undefined,
      };
      this.#machines.set(ip, machine);
    }
    return machine;
  }

  #makeDisk(ip: string): Disk {
    const { engine, faults, storage, disks } = this.#parts;
    const config = disks.get(ip) ?? storage;
    const disk = new Disk(ip, {
      ...{ engine, config, log: faults, atlas: this.#atlas },
    });
    if (this.#stormy) disk.storm();
    return disk;
  }

  #bear(machine: Machine): Life {
    machine.lives += 1;
    this.#births += 1;
    const { engine, network, trace, shared } = this.#parts;
    network.power(machine.ip, true);
    const incarnation = new Incarnation(
      this.#births,
      machine.ip,
      machine.lives,
    );
    const handle = new SimHandle(engine, incarnation);
    const providers = new SimProviders({
      handle,
      network,
      disk: machine.disk,
      trace,
      shared,
      clock: machine.clock,
    });
    return { incarnation, providers };
  }
}

interface Grave {
  readonly machines: Machines;
  readonly disk: Disk;
  readonly incarnation: Incarnation;
  readonly wipe: boolean;
  readonly silent: boolean;
}

const bury = named<Grave>({ kind: "process", operation: "death" }, (grave) =>
  grave.machines.bury(grave),
);
