/** Whose event it is. Every event of a world belongs to a process's incarnation, or to the world itself. */

/** Something that lives and, unless it is the world, may die. */
export interface Owner {
  /** Unique in its world, counted from 0 in order of birth. */
  readonly id: number;
  /** For reports: `bank-1 (10.0.1.2, life 3)`. */
  readonly name: string;
  /** False from the instant of its death. A dead owner's handles do nothing. */
  readonly alive: boolean;
}

/** What kinds of events there are. The numbers enter the fingerprint. */
export const EventKind: {
  readonly timer: 1;
  readonly network: 2;
  readonly storage: 3;
  readonly process: 4;
  readonly driver: 5;
} = Object.freeze({ timer: 1, network: 2, storage: 3, process: 4, driver: 5 });
