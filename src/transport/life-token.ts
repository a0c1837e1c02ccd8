/** Tokens that only one life of a process has. */
import { type RandomProvider, UID } from "../core/index.ts";

/**
 * A fresh token: 64 random bits around the incarnation. Whoever knows the incarnation knows which life it belongs to,
 * and that it ends with it. The incarnation has the words that `UID.adjusted` leaves alone, so that the same is known of
 * the methods of a service at that token.
 */
export function lifeToken(incarnation: bigint, random: RandomProvider): UID {
  return new UID(
    random.uint32() & 0x7fff_ffff,
    Number(incarnation >> 32n),
    Number(incarnation & 0xffff_ffffn),
    random.uint32(),
  );
}

/** Whether a token belongs to that life. */
export function isOfLife(token: UID, incarnation: bigint): boolean {
  return (
    token.b === Number(incarnation >> 32n) &&
    token.c === Number(incarnation & 0xffff_ffffn)
  );
}
