/** Puts wrappers around everything that counts as the machine, and takes them off again. */
import { syncBuiltinESMExports } from "node:module";

import { replace, type Undo } from "./replace.ts";
import { targets, type Target } from "./targets.ts";
import { wrapClass, wrapDate, wrapFunction } from "./wrap.ts";

const installed: { users: number; undo: Undo[] } = { users: 0, undo: [] };

/**
 * Watch the machine from now on. Outside of a world's steps nothing changes but one comparison a call. Returns what
 * takes it back; the wrappers come off when everybody who installed them has taken it back.
 *
 * A module that keeps a function of the machine (`const { now } = Date`) keeps what it finds when it is loaded, so
 * whoever wants such a use to be seen installs first: `wavetank run` and `wavetank/ava` do, and so does
 * `node --import wavetank/escapes`. Named imports of Node's own modules follow at any time.
 */
export function installEscapeDetector(): Undo {
  installed.users += 1;
  if (installed.users === 1) putOn();
  let taken = false;
  return () => {
    if (taken) return;
    taken = true;
    installed.users -= 1;
    if (installed.users === 0) takeOff();
  };
}

function putOn(): void {
  for (const target of targets()) installed.undo.push(...watchTarget(target));
  installed.undo.push(...watchDate());
  syncBuiltinESMExports();
}

function takeOff(): void {
  for (const undo of installed.undo.toReversed()) undo();
  installed.undo = [];
  syncBuiltinESMExports();
}

function watchTarget({ kind, label, holder, names, classes }: Target): Undo[] {
  const wrap = (
    classes === true ? wrapClass : wrapFunction
  ) as typeof wrapFunction;
  return names.map((name) => {
    const what = label === "" ? name : `${label}.${name}`;
    return replace(holder, name, (real) =>
      wrap({ kind, what }, real as Parameters<typeof wrap>[1]),
    );
  });
}

/** Last, so that it takes over the wrapped `Date.now`; a date made before and one made after have one constructor. */
function watchDate(): Undo[] {
  const ambient = { kind: "clock", what: "new Date()" } as const;
  const undo = replace(globalThis, "Date", (real) =>
    wrapDate(ambient, real as DateConstructor),
  );
  const { Date: wrapper } = globalThis;
  return [undo, replace(Date.prototype, "constructor", () => wrapper)];
}
