/** Who a service and a method are: hashes of their names, so that nobody numbers anything by hand. */
import { createHash } from "node:crypto";

import { UID } from "../core/index.ts";

/** The identity of whatever goes by this full name: the first 128 bits of its SHA-256. */
export function uidOfName(name: string): UID {
  const hash = sha256(name);
  const word = (index: number): number => hash.readUInt32BE(index * 4);
  return new UID(word(0), word(1), word(2), word(3));
}

/** The number of a method within its service: the first 32 bits of the SHA-256 of its name. */
export function methodId(name: string): number {
  return sha256(name).readUInt32BE(0);
}

function sha256(name: string): Buffer {
  return createHash("sha256").update(name, "utf8").digest();
}
