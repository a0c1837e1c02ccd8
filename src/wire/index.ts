/**
 * Bytes on a connection: frames, their checksum and the handshake. Does no I/O
 * and keeps no clock, so it is the same in production and in simulation.
 *
 * Imports `core` and `base`. Start with `frame.ts`, which draws the layout;
 * `frame-writer.ts` and `frame-reader.ts` are its two directions.
 */
export * from "./crc32c.ts";
export * from "./frame.ts";
export * from "./frame-reader.ts";
export * from "./frame-writer.ts";
export * from "./handshake.ts";
export * from "./little-endian.ts";
export * from "./packet.ts";
export * from "./wire-error.ts";
