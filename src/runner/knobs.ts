/** Which knobs of a program are turned in a seed, and how far. */
import type { KnobRange } from "../assertions/index.ts";
import type { RandomProvider } from "../core/index.ts";

/** The chance that a knob is turned in a seed: the activation coin of `buggify`. */
const turnProbability = 0.5;

export class Knobs {
  readonly #stream: (name: string) => RandomProvider;
  readonly #positions = new Map<string, number | undefined>();
  readonly #values: Record<string, number> = {};

  readonly #mayTurn: () => boolean;

  /**
   * @param stream the seed's random stream of a name: each knob has one, so that a new knob turns no other.
   * @param mayTurn false in a seed that is calm.
   */
  constructor(
    stream: (name: string) => RandomProvider,
    mayTurn: () => boolean,
  ) {
    this.#stream = stream;
    this.#mayTurn = mayTurn;
  }

  /** The values of those that were asked for and are turned. */
  get turned(): Readonly<Record<string, number>> {
    return this.#values;
  }

  /** The value of a knob in this seed; `undefined` for its usual one. */
  turn(name: string, range: KnobRange): number | undefined {
    if (!this.#mayTurn()) return undefined;
    if (!this.#positions.has(name)) this.#positions.set(name, this.#draw(name));
    const position = this.#positions.get(name);
    if (position === undefined) return undefined;
    const value = valueAt(position, range);
    this.#values[name] = value;
    return value;
  }

  #draw(name: string): number | undefined {
    const random = this.#stream(`knob ${name}`);
    const position = random.ratio();
    return random.bool(turnProbability) ? position : undefined;
  }
}

function valueAt(position: number, [from, to]: KnobRange): number {
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to))
    return from + Math.floor(position * (to - from + 1));
  return from + position * (to - from);
}
