/** Waiting for the first of several things, fairly, and leaving nothing behind. */
import { onAbort } from "./on-abort.ts";
import { TaskError } from "./errors.ts";
import type { RandomProvider } from "./random.ts";
import type { WaitOptions } from "./wait.ts";

/** Things to wait for, by name. Each is started with a signal of its own, which fires when another was first. */
export type SelectArms = Readonly<
  Record<string, (signal: AbortSignal) => Promise<unknown>>
>;

/** Which was first, and what it yielded. */
export type Selected<Arms extends SelectArms> = {
  [Name in keyof Arms]: {
    readonly name: Name;
    readonly value: Awaited<ReturnType<Arms[Name]>>;
  };
}[keyof Arms];

/**
 * Start all arms, and settle with the first of them: its name and value, or its rejection. Of arms that are ready at
 * once, each is as likely as the others to be first: they are started in their order, from a drawn one on (one draw).
 *
 * The others are told by their signals, and their outcomes are nobody's error. Nothing of this call stays behind on a
 * promise that never settles, as it would with `Promise.race`. The winner's own signal never fires.
 */
export function select<Arms extends SelectArms>(
  random: RandomProvider,
  arms: Arms,
  options: WaitOptions = {},
): Promise<Selected<Arms>> {
  const names = namesOf(arms);
  const start = random.below(names.length);
  return race(arms, [...names.slice(start), ...names.slice(0, start)], options);
}

/** `select` without chance: of arms that are ready at once, the one that is written first wins. */
export function selectInOrder<Arms extends SelectArms>(
  arms: Arms,
  options: WaitOptions = {},
): Promise<Selected<Arms>> {
  return race(arms, namesOf(arms), options);
}

function namesOf(arms: SelectArms): string[] {
  const names = Object.keys(arms);
  if (names.length > 0) return names;
  throw new RangeError("a select of no arms would wait for ever: give it one");
}

function race<Arms extends SelectArms>(
  arms: Arms,
  names: readonly string[],
  { signal }: WaitOptions,
): Promise<Selected<Arms>> {
  return new Promise<Selected<Arms>>((resolve, reject) => {
    const settle = { resolve: resolve as (value: unknown) => void, reject };
    new Race(settle).run(arms, names, signal);
  });
}

interface Settle {
  readonly resolve: (selected: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One race. Promises that lose may be kept by others for long, and with them the reactions set here, so those hold on
 * to nothing but this object, and once it is over this object holds on to nothing.
 */
class Race {
  #settle: Settle | undefined;
  #running = new Map<string, AbortController>();
  #unsubscribe: () => void = nothing;

  constructor(settle: Settle) {
    this.#settle = settle;
  }

  run(
    arms: SelectArms,
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): void {
    this.#unsubscribe = onAbort(signal, (reason) => this.#lost("", reason));
    for (const name of names) {
      if (this.#settle !== undefined) this.#start(name, arms[name] as Arm);
    }
    if (this.#settle === undefined) this.#unsubscribe();
  }

  #start(name: string, arm: Arm): void {
    const controller = new AbortController();
    this.#running.set(name, controller);
    try {
      arm(controller.signal).then(
        (value) => this.#won(name, value),
        (error: unknown) => this.#lost(name, error),
      );
    } catch (error) {
      this.#lost(name, error);
    }
  }

  #won(name: string, value: unknown): void {
    this.#end(name, (settle) => settle.resolve({ name, value }));
  }

  #lost(name: string, error: unknown): void {
    this.#end(name, (settle) => settle.reject(error));
  }

  /** The first outcome counts; later ones find nobody to tell. */
  #end(first: string, tell: (settle: Settle) => void): void {
    const settle = this.#settle;
    if (settle === undefined) return;
    this.#settle = undefined;
    const running = this.#running;
    this.#running = new Map();
    this.#unsubscribe();
    this.#unsubscribe = nothing;
    tell(settle);
    for (const [name, controller] of running)
      if (name !== first) controller.abort(overtaken(name, first));
  }
}

type Arm = (signal: AbortSignal) => Promise<unknown>;

function overtaken(name: string, first: string): TaskError<"aborted"> {
  const what = first === "" ? "the select was aborted" : `${first} was first`;
  const message = `${name} is not waited for any more: ${what}`;
  return new TaskError("aborted", message, { task: name });
}

function nothing(): void {
  // No signal was given, or the race is over.
}
