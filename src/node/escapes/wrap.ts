/** Functions that tell of their use and are the real ones otherwise. */
import { isWatched, useAmbient, type Ambient } from "./watch.ts";

type Callable = (this: unknown, ...given: unknown[]) => unknown;
type Constructable = new (...given: unknown[]) => object;

/** A function that is used by calling it. */
export function wrapFunction(ambient: Ambient, real: Callable): Callable {
  const wrapper = function (this: unknown, ...given: unknown[]): unknown {
    if (!isWatched()) return Reflect.apply(real, this, given);
    return useAmbient(ambient, () => Reflect.apply(real, this, given));
  };
  return disguise(wrapper, real);
}

/** A class that is used by making one. Instances and subclasses are those of the real one. */
export function wrapClass(
  ambient: Ambient,
  real: Constructable,
): Constructable {
  const wrapper = function (...given: unknown[]): object {
    const target = new.target as unknown as Constructable | undefined;
    const made = (): object =>
      Reflect.construct(real, given, realTarget(target, wrapper, real));
    return isWatched() ? useAmbient(ambient, made) : made();
  };
  Object.defineProperty(wrapper, "prototype", { value: real.prototype });
  return disguise(wrapper, real) as unknown as Constructable;
}

/** `Date`, which looks at the clock when it is given nothing, or called. */
export function wrapDate(ambient: Ambient, real: DateConstructor): unknown {
  const wrapper = function (...given: unknown[]): unknown {
    const target = new.target as unknown as Constructable | undefined;
    const make = (): unknown =>
      target === undefined
        ? real()
        : Reflect.construct(real, given, realTarget(target, wrapper, real));
    const looks = target === undefined || given.length === 0;
    return looks && isWatched() ? useAmbient(ambient, make) : make();
  };
  disguise(wrapper, real);
  Object.defineProperty(wrapper, "prototype", { value: real.prototype });
  return wrapper;
}

/** Who made a wrapper made the real thing; a subclass stays itself. */
function realTarget(
  target: Constructable | undefined,
  wrapper: unknown,
  real: unknown,
): Constructable {
  return (
    target === undefined || target === wrapper ? real : target
  ) as Constructable;
}

/** Name, length and properties of the real one: `setTimeout[promisify.custom]`, `hrtime.bigint`. */
function disguise<T extends object>(wrapper: T, real: object): T {
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(real) as object);
  for (const key of Reflect.ownKeys(real)) {
    if (key === "prototype" || key === "arguments" || key === "caller")
      continue;
    const descriptor = Object.getOwnPropertyDescriptor(real, key);
    if (descriptor !== undefined)
      Object.defineProperty(wrapper, key, descriptor);
  }
  return wrapper;
}
