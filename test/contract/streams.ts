/** What the network cases do again and again. */
import type { ExecutionContext } from "ava";

import { concatBytes } from "../../src/base/bytes.ts";
import {
  type Connection,
  isNetworkError,
  type Listener,
  type NetworkErrorCode,
} from "../../src/core/index.ts";
import type { ContractWorld } from "./contract.ts";

/** Both ends of one connection: `a` listens, `b` connects. */
export interface Pair {
  readonly listener: Listener;
  /** The end of `b`. */
  readonly client: Connection;
  /** The end of `a`. */
  readonly server: Connection;
}

/** Connect `b` to `a`, use it, and put everything away. */
export async function withPair<T>(
  world: ContractWorld,
  use: (pair: Pair) => Promise<T>,
): Promise<T> {
  const listener = await listen(world);
  const client = await dial(world, listener);
  const server = await listener.accept();
  try {
    return await use({ listener, client, server });
  } finally {
    client.reset();
    server.reset();
    await listener.close();
  }
}

/** Listen in `a`, on a free port. */
export function listen({ a, addressOf }: ContractWorld): Promise<Listener> {
  return a.network.bind(addressOf("a", 0));
}

/** Connect `b` to a listener of `a`. */
export function dial(
  { b, addressOf }: ContractWorld,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Connection> {
  return b.network.connect(addressOf("a", listener.address.port), { signal });
}

/** Everything up to the end of the stream. */
export async function readAll(connection: Connection): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (
    let chunk = await connection.read();
    chunk !== undefined;
    chunk = await connection.read()
  ) {
    chunks.push(chunk);
  }
  return chunks.length === 0 ? new Uint8Array(0) : concatBytes(chunks);
}

/** At least `length` bytes, or what there is before the end. */
export async function readAtLeast(
  connection: Connection,
  length: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let missing = length; missing > 0;) {
    const chunk = await connection.read();
    if (chunk === undefined) break;
    chunks.push(chunk);
    missing -= chunk.length;
  }
  return chunks.length === 0 ? new Uint8Array(0) : concatBytes(chunks);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Bytes that tell at every place where they belong. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1)
    bytes[index] = (index ^ (index >>> 8) ^ (index >>> 16)) & 0xff;
  return bytes;
}

/** A short witness of long bytes, so that a failure prints a line. */
export function hash(bytes: Uint8Array): { length: number; sum: number } {
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return { length: bytes.length, sum };
}

/** Await a failure with this code. Callers pass functions, so that throwing counts as rejecting. */
export async function failsWith(
  t: ExecutionContext,
  code: NetworkErrorCode,
  work: () => Promise<unknown>,
): Promise<void> {
  const error = await t.throwsAsync(async () => work());
  t.true(isNetworkError(error, code), `expected ${code}: ${String(error)}`);
}

/** Whether `work` settles within so many milliseconds of the world's clock. */
export async function settlesWithin(
  world: ContractWorld,
  ms: number,
  work: Promise<unknown>,
): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  work.then(settle, settle);
  await world.b.time.sleep(ms);
  return settled;
}
