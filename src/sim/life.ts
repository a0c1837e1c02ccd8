/** How lives begin and end. */
import type { Incarnation } from "./incarnation.ts";
import type { SimProviders } from "./providers.ts";

/** What a death takes along. */
export interface DeathOptions {
  /** The disk. Default false. */
  readonly wipe?: boolean;
  /**
   * The machine, as when it loses its power: nobody is left to tell peers, so that their reads wait, and connects are
   * not even refused, until somebody lives there again. Default false: the operating system resets connections.
   */
  readonly silent?: boolean;
}

/** One life of a process, and the world as it sees it. */
export interface Life {
  readonly incarnation: Incarnation;
  readonly providers: SimProviders;
}
