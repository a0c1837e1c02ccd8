/** Hooks of Node's module loader. They run on a thread of their own, and write to the file that `LOADS` names. */
import { appendFileSync } from "node:fs";
import type { LoadHook } from "node:module";

export const load: LoadHook = (url, context, nextLoad) => {
  appendFileSync(process.env["LOADS"] ?? "", `${url}\n`);
  return nextLoad(url, context);
};
