/** Tokens that only one life of a process has. */
import { type RandomProvider, UID } from "../core/index.ts";

/**
 * A fresh token: the incarnation, then 64 random bits. Whoever knows the
 * incarnation knows which life it belongs to, and that it ends with it.
 */
export function lifeToken(incarnation: bigint, random: RandomProvider): UID {
  return new UID(
    Number(incarnation >> 32n),
    Number(incarnation & 0xffff_ffffn),
    random.uint32(),
    random.uint32(),
  );
}

/** Whether a token belongs to that life. */
export function isOfLife(token: UID, incarnation: bigint): boolean {
  return (
    token.a === Number(incarnation >> 32n) &&
    token.b === Number(incarnation & 0xffff_ffffn)
  );
}
