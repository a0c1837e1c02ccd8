/**
 * The transport suite: what messages between endpoints promise, under swarms of everything that can go wrong.
 *
 * Three styles, after moonpool's: every way to ask with a timeline for each request, replicated hash chains with an
 * exact model, and the order of messages between two peers. None of it uses `rpc/`.
 */
import type { SimulationBuilder } from "../../../src/runner/index.ts";
import { delivery } from "./delivery.ts";
import { hashChain } from "./hash-chain.ts";
import { peerOrder } from "./peer-order.ts";

export const transportSuite: readonly SimulationBuilder[] = [
  delivery,
  hashChain,
  peerOrder,
];
