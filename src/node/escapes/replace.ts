/** Replacing properties of the machine's objects, and putting them back. */

/** Puts back what was replaced, unless somebody else has replaced it since. */
export type Undo = () => void;

/** What stands in for a value. */
export type Substitute = (real: unknown) => unknown;

/** Replace `holder[name]`, wherever on its chain of prototypes it is. Nothing happens where there is none to replace. */
export function replace(
  holder: object,
  name: string,
  substitute: Substitute,
): Undo {
  const owner = ownerOf(holder, name);
  const descriptor = owner && Object.getOwnPropertyDescriptor(owner, name);
  if (owner === undefined || descriptor?.configurable !== true) return nothing;
  // An accessor (`crypto`, `fs.promises`) gives out an object, which is replaced piece by piece instead.
  if (typeof descriptor.value !== "function") return nothing;
  const value = substitute(descriptor.value);
  Object.defineProperty(owner, name, { ...descriptor, value });
  return () => {
    const now = Object.getOwnPropertyDescriptor(owner, name);
    if (now?.value === value) Object.defineProperty(owner, name, descriptor);
  };
}

function ownerOf(holder: object, name: string): object | undefined {
  let owner: object | null = holder;
  while (owner !== null && !Object.hasOwn(owner, name))
    owner = Object.getPrototypeOf(owner) as object | null;
  return owner ?? undefined;
}

function nothing(): void {
  // There was nothing to replace.
}
