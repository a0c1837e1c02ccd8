/** `wavetank`: the production surface. Contracts, transport, RPC and assertions; nothing of the laboratory. */
export * from "./assertions/index.ts";
export * from "./core/index.ts";
export * from "./rpc/index.ts";
export * from "./transport/index.ts";
