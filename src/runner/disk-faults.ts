/** What fault injectors can do to disks. */
import type { SimWorld, StorageConfiguration } from "../sim/index.ts";
import { checkAddresses, type FaultGround } from "./fault-ground.ts";

/** Everything that breaks says whether it did: it does not once chaos is over, nor over a fault budget. */
export interface DiskFaultHands {
  /** Let a process's disk behave otherwise (slower, full, with errors …) until `mendDisk`, or until chaos is over. */
  troubleDisk(ip: string, changes: Partial<StorageConfiguration>): boolean;
  /** The disk behaves again as it did before anybody troubled it. */
  mendDisk(ip: string): void;
}

/** Disks that behave otherwise than they were told when the world was made. */
export class DiskTroubles {
  readonly #world: SimWorld;
  readonly #before = new Map<string, Readonly<StorageConfiguration>>();

  constructor(world: SimWorld) {
    this.#world = world;
  }

  has(ip: string): boolean {
    return this.#before.has(ip);
  }

  begin(ip: string, changes: Partial<StorageConfiguration>): void {
    const disk = this.#world.disk(ip);
    const { config } = disk;
    disk.configure(changes);
    if (!this.has(ip)) this.#before.set(ip, config);
    this.#world.faults.count("disk trouble", ip);
  }

  end(ip: string): void {
    const before = this.#before.get(ip);
    if (before !== undefined) this.#world.disk(ip).configure(before);
    this.#before.delete(ip);
  }

  endAll(): void {
    for (const ip of [...this.#before.keys()]) this.end(ip);
  }
}

export function diskFaults(ground: FaultGround): DiskFaultHands {
  const { signal, account, troubles } = ground;
  return {
    troubleDisk: (ip, changes) => {
      checkAddresses(ground, [ip]);
      if (signal.aborted || !account.permits({ disks: [ip] })) return false;
      troubles.begin(ip, changes);
      return true;
    },
    mendDisk: (ip) => troubles.end(ip),
  };
}
