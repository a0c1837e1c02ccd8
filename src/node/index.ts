/**
 * The real world behind the provider contracts: Node's clock, timers, sockets,
 * files and entropy. Imports `base/`, `core/` and `node:*`, nothing else.
 * Start with `providers.ts`, which bundles the five; the way of a byte is
 * `network.ts`, `listener.ts`, `connection.ts`. `host.ts` is for the
 * laboratory, which may not ask the machine itself, and so is `escapes/`, which
 * finds out who did.
 */
export * from "./config.ts";
export type { Pem, TlsConfig } from "./tls-config.ts";
export * from "./connection.ts";
export { asDuplex, connectDuplex, type ConnectionDuplex } from "./duplex.ts";
export { type DuplexOptions } from "./duplex-stream.ts";
export * from "./escapes/index.ts";
export { callInFreshThread, type FreshCall } from "./fresh-thread.ts";
export * from "./host.ts";
export * from "./http-agent.ts";
export * from "./http-server.ts";
export * from "./listener.ts";
export * from "./network.ts";
export * from "./providers.ts";
export * from "./random.ts";
export { NodeStorageFile } from "./storage-file.ts";
export * from "./storage.ts";
export * from "./tasks.ts";
export * from "./time.ts";
export { nodeTimerHost, type TimerHost } from "./timer.ts";
