/**
 * Looks at the machine from inside a simulation, found in the act.
 *
 * `detector.ts` puts wrappers (`wrap.ts`) around what `targets.ts` lists; while somebody listens (`watch.ts`) they tell,
 * and `call-site.ts` says where.
 */
export {
  formatCallSite,
  locate,
  type CallSite,
  type Located,
} from "./call-site.ts";
export { installEscapeDetector } from "./detector.ts";
export {
  allowEscapes,
  watchEscapes,
  type Ambient,
  type EscapeKind,
  type EscapeListener,
} from "./watch.ts";
