/**
 * The plugin `protoc-gen-wavetank`: checks contracts and writes their `_rpc.ts`.
 *
 * Imports `base`, `core`, `@bufbuild/*` and the generated code of our own options; never `rpc`, whose types only the
 * generated code needs. Start with `plugin.ts`, which reads, checks and writes; `main.ts` is what buf runs.
 */
export * from "./identity.ts";
export * from "./plugin.ts";
