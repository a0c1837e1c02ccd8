/** The requests and replies of the hash chain, as bytes: the suite uses no codec. */
import { UID } from "../../../src/core/index.ts";
import { timelineKey, type TimelineKey } from "../../../src/sim/index.ts";
import type { Chain } from "./hash-chain-state.ts";

export const chainPort = 4500;
export const appendToken: UID = new UID(0xc4a1, 1, 0, 0);
export const readToken: UID = new UID(0xc4a1, 2, 0, 0);
export const hintToken: UID = new UID(0xc4a1, 3, 0, 0);

/** What a server did: the block that it appended to the chain of a client, and what came of it. */
export interface Appended {
  readonly life: number;
  readonly client: number;
  readonly block: Uint8Array;
  readonly chain: Chain;
}

export const appendedBlocks: TimelineKey<Appended> =
  timelineKey<Appended>("appended blocks");

/** `client` in four bytes, then the block. */
export function requestBytes(client: number, block: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + block.length);
  new DataView(bytes.buffer).setUint32(0, client);
  bytes.set(block, 4);
  return bytes;
}

export function readRequest(bytes: Uint8Array): {
  client: number;
  block: Uint8Array;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    client: view.getUint32(0),
    block: new Uint8Array(bytes.subarray(4)),
  };
}

/** Which life of the server answers, and what the chain is now. */
export interface ChainReply {
  readonly life: number;
  readonly chain: Chain;
}

export function replyBytes({ life, chain }: ChainReply): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, life);
  view.setUint32(4, chain.length);
  view.setUint32(8, chain.hash);
  return bytes;
}

export function readReply(bytes: Uint8Array): ChainReply {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const chain = { length: view.getUint32(4), hash: view.getUint32(8) };
  return { life: view.getUint32(0), chain };
}
