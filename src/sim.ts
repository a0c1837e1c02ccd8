/** `wavetank/sim`: the simulated world and the runner, without transport, RPC or actors. */
export * from "./assertions/index.ts";
export {
  allowEscapes,
  formatCallSite,
  installEscapeDetector,
  type CallSite,
  type EscapeKind,
} from "./node/index.ts";
export * from "./runner/index.ts";
export * from "./sim/index.ts";
