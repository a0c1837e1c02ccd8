/** What is known of one address. */
import type { Endpoint, RemoteAddress, UID } from "../core/index.ts";
import { isOfLife } from "./life-token.ts";
import type { PeerError } from "./peer-error.ts";

/** An address, or an endpoint there. */
export type Watched = RemoteAddress | Endpoint;

export function addressOf(of: Watched): RemoteAddress {
  return "token" in of ? of.address : of;
}

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
  /** What went wrong, for whoever cannot wait any longer; `undefined` while there is a connection. */
  trouble: PeerError | undefined;
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
    this.trouble = undefined;
    this.#tell();
  }

  unreachable(trouble: PeerError): void {
    this.reason = "connect_failed";
    this.trouble = trouble;
    this.#tell();
  }

  disconnected(broke: boolean, trouble: PeerError): void {
    this.disconnects += 1;
    // What ended in good order keeps nobody waiting.
    this.trouble = broke ? trouble : undefined;
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
