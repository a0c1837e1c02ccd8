/** A machine: an address and a disk, on which one life of a process follows another. */
import type { SimHandle } from "./handle.ts";
import type { Incarnation } from "./incarnation.ts";
import type { SimProviders } from "./providers.ts";
import type { Disk } from "./storage/disk.ts";

/** One life, with everything that acts in its name. */
export interface Life {
  readonly incarnation: Incarnation;
  readonly handle: SimHandle;
  readonly providers: SimProviders;
}

export interface Machine {
  readonly ip: string;
  readonly disk: Disk;
  /** How many lives there were so far. */
  lives: number;
  /** The present one, if any. */
  life: Life | undefined;
}
