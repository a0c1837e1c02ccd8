/** What is known of one address. */
import type { UID } from "../core/index.ts";
import { isOfLife } from "./life-token.ts";

/** Whether somebody can be expected to answer. */
export type FailureStatus = "available" | "failed";

/**
 * Why not: no connection could be made, the one there was broke, or the endpoint belonged to one life of its process
 * and is gone.
 */
export type FailedReason = "connect_failed" | "connection_lost" | "not_found";

export type KnowledgeListener = () => void;

/** Tokens that are remembered as gone, for one life of a remote. The oldest is forgotten first. */
const goneMax = 100_000;
/** Lives of one remote that are remembered as over. */
const pastLivesMax = 16;

export class AddressRecord {
  /** Why the address is failed; `undefined` when it is not. */
  reason: FailedReason | undefined;
  /** Connections lost so far. */
  disconnects: number;
  /** Peers that keep it. */
  keepers = 0;
  readonly listeners: Set<KnowledgeListener> = new Set();
  #life: bigint | undefined;
  readonly #pastLives: bigint[] = [];
  readonly #gone = new Set<string>();

  /** @param disconnects where to begin to count */
  constructor(disconnects: number) {
    this.disconnects = disconnects;
  }

  connected(life: bigint): void {
    if (this.#life !== undefined && this.#life !== life) {
      this.#pastLives.push(this.#life);
      if (this.#pastLives.length > pastLivesMax) this.#pastLives.shift();
      this.#gone.clear();
    }
    this.#life = life;
    this.reason = undefined;
    this.#tell();
  }

  failed(reason: FailedReason): void {
    this.reason = reason;
    this.#tell();
  }

  disconnected(broke: boolean): void {
    this.disconnects += 1;
    if (broke) this.reason = "connection_lost";
    this.#tell();
  }

  /** Tokens that come from names may be served later, by the same life. */
  notFound(token: UID): void {
    if (this.#life === undefined || !isOfLife(token, this.#life)) return;
    if (this.#gone.size >= goneMax) {
      for (const oldest of this.#gone) {
        this.#gone.delete(oldest);
        break;
      }
    }
    this.#gone.add(token.toString());
    this.#tell();
  }

  isGone(token: UID): boolean {
    for (const life of this.#pastLives) if (isOfLife(token, life)) return true;
    return this.#gone.size > 0 && this.#gone.has(token.toString());
  }

  #tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
