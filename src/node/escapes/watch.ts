/** Who is told of looks at the machine, and when: only inside of steps, so a wrapper costs one comparison elsewhere. */

/**
 * - `clock`: the time of the machine. `chance`: its entropy. `timer`: a wait in its time.
 * - `disk`: its files. `network`: its sockets and name servers. `process`: other programs and threads.
 * - `pool`: work done on the side, which completes in any order. `host`: facts that differ from machine to machine.
 * - `collector`: what shows when the garbage collector ran.
 */
export type EscapeKind =
  | "clock"
  | "chance"
  | "timer"
  | "disk"
  | "network"
  | "process"
  | "pool"
  | "host"
  | "collector";

/** One thing of the machine that simulated code must not use. */
export interface Ambient {
  readonly kind: EscapeKind;
  /** As one writes it: `Date.now`, `fs.readFileSync`. */
  readonly what: string;
}

/** Told of a use, while the user is still on the stack. */
export type EscapeListener = (used: Ambient) => void;

const watch: { listener: EscapeListener | undefined } = { listener: undefined };

/** Listen from now on; `undefined` listens no more. Returns who listened before. */
export function watchEscapes(
  listener: EscapeListener | undefined,
): EscapeListener | undefined {
  const before = watch.listener;
  watch.listener = listener;
  return before;
}

/**
 * Use the machine on purpose: what `work` does before it returns is not reported. For a look at the clock that decides
 * nothing, such as a measurement. What an async `work` does after its first `await` is reported as ever.
 */
export function allowEscapes<T>(work: () => T): T {
  const before = watchEscapes(undefined);
  try {
    return work();
  } finally {
    watch.listener = before;
  }
}

/** What a wrapper does: tell, then use the real thing, whose own looks at the machine are not told again. */
export function useAmbient<T>(ambient: Ambient, real: () => T): T {
  const { listener } = watch;
  if (listener === undefined) return real();
  watch.listener = undefined;
  try {
    listener(ambient);
    return real();
  } finally {
    watch.listener = listener;
  }
}

/** Whether anybody is to be told. */
export function isWatched(): boolean {
  return watch.listener !== undefined;
}
