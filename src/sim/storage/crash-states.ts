/** Every state that a loss of power could leave a disk in, for cases small enough to look at all of them. */
import type { CrashChoices } from "./crash-choices.ts";
import type { Names } from "./names.ts";

/** What is on a disk: the content of each file, by path. */
export type DiskState = ReadonlyMap<string, Uint8Array>;

export interface CrashStatesOptions {
  /** Also states in which a sector is torn, at every byte where that makes a difference. Default false. */
  torn?: boolean;
  /** Refuse to go on after so many crashes: whoever asks for more has no small case. Default 100,000. */
  crashesMax?: number;
}

/**
 * Walk through them: each that the choices of a crash lead to, once. What has not taken place yet, because nobody has
 * waited for it, is not among them.
 *
 * Throws `RangeError` after `crashesMax` crashes.
 */
export function* crashStates(
  names: Names,
  { torn = false, crashesMax = 100_000 }: CrashStatesOptions = {},
): Generator<DiskState> {
  const odometer = new Odometer();
  const seen = new Set<string>();
  for (let crash = 0; crash === 0 || odometer.advance(); crash += 1) {
    if (crash === crashesMax)
      throw new RangeError(
        `more than ${crashesMax} crashes: write less between two syncs, or raise crashesMax`,
      );
    const state = stateAfter(names, everyChoice(odometer, torn));
    const key = keyOf(state);
    if (seen.has(key)) continue;
    seen.add(key);
    yield state;
  }
}

/** What a crash leaves, on a copy. */
function stateAfter(names: Names, choices: CrashChoices): DiskState {
  const copy = names.clone();
  copy.crash(choices);
  const state = new Map<string, Uint8Array>();
  for (const [path, { content }] of copy.files()) {
    content.crash(choices);
    state.set(path, content.read(0, content.length));
  }
  return state;
}

function everyChoice(odometer: Odometer, torn: boolean): CrashChoices {
  return {
    lengths: (count) => odometer.next(count + 1),
    name: () => odometer.next(2) === 1,
    version: (count) => odometer.next(count),
    tear: (count) => (torn ? odometer.next(count + 1) : 0),
    damage: () => undefined,
  };
}

/** Counts through all sequences of choices, also where an earlier choice decides which come later. */
class Odometer {
  readonly #digits: { value: number; readonly count: number }[] = [];
  #at = 0;

  /** The next choice, of so many. */
  next(count: number): number {
    const digit = this.#digits[this.#at] ?? { value: 0, count };
    this.#digits[this.#at] = digit;
    this.#at += 1;
    return digit.value;
  }

  /** Go to the next sequence. False when there is none. */
  advance(): boolean {
    this.#at = 0;
    for (;;) {
      const last = this.#digits.at(-1);
      if (last === undefined) return false;
      last.value += 1;
      if (last.value < last.count) return true;
      this.#digits.pop();
    }
  }
}

/** Equal for equal states. */
function keyOf(state: DiskState): string {
  return [...state]
    .map(([path, bytes]) => `${path}:${bytes.join(",")}`)
    .sort()
    .join("\n");
}
