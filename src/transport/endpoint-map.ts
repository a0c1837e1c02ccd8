/** Who listens at which token. Looked up once per message, at the same cost however many there are. */
import { type UID, WELL_KNOWN_RESERVED_COUNT } from "../core/index.ts";
import type { Token } from "../wire/index.ts";
import { MessagingError } from "./messaging-error.ts";
import type { ReplyPromise } from "./reply-promise.ts";

/** Takes the messages that arrive at an endpoint. */
export interface MessageReceiver {
  /**
   * A message came: `message.request` is its body, `message.peer` who sent it.
   * Answer through the promise, now or later. Must return soon and not throw.
   */
  receive(message: ReplyPromise): void;
}

/**
 * Well-known tokens in an array by slot; all others in an open-addressing table
 * (linear probing, at most half full) over their four words, so that a look-up
 * makes no key, neither text nor bigint.
 */
export class EndpointMap {
  readonly #wellKnown: (MessageReceiver | undefined)[] = new Array<undefined>(WELL_KNOWN_RESERVED_COUNT).fill(
    undefined,
  );
  /** Four words per place. */
  #words = new Int32Array(initialPlaces * 4);
  #receivers: (MessageReceiver | undefined)[] = new Array<undefined>(initialPlaces).fill(undefined);
  #size = 0;
  #wellKnownSize = 0;

  /** How many receivers are registered. */
  get size(): number {
    return this.#size + this.#wellKnownSize;
  }

  /** Put a receiver at a token. Throws `MessagingError` when it is taken, or no slot. */
  insert(token: UID, receiver: MessageReceiver): void {
    if (!token.isValid) throw new TypeError("the zero UID addresses nobody");
    if (this.find(token) !== undefined) throw inUse(token);
    if (token.isWellKnown) return this.#insertWellKnown(token, receiver);
    if ((this.#size + 1) * 2 > this.#receivers.length) this.#grow();
    this.#put(token, receiver);
    this.#size += 1;
  }

  /** Who listens there. */
  find(token: Token): MessageReceiver | undefined {
    return this.findWords(token.a | 0, token.b | 0, token.c | 0, token.d | 0);
  }

  /** The same, for words as they are read from a frame: signed. */
  findWords(a: number, b: number, c: number, d: number): MessageReceiver | undefined {
    if ((a & b) === -1) return c === 0 ? this.#wellKnown[d >>> 0] : undefined;
    return this.#receivers[this.#place(a, b, c, d)];
  }

  /** Forget who listens there; whether anybody did. */
  delete(token: UID): boolean {
    if (this.find(token) === undefined) return false;
    if (token.isWellKnown) {
      this.#wellKnown[token.d] = undefined;
      this.#wellKnownSize -= 1;
    } else {
      this.#remove(this.#place(token.a | 0, token.b | 0, token.c | 0, token.d | 0));
    }
    return true;
  }

  #insertWellKnown(token: UID, receiver: MessageReceiver): void {
    if (token.c !== 0 || token.d >= WELL_KNOWN_RESERVED_COUNT) throw noSuchSlot(token.d);
    this.#wellKnown[token.d] = receiver;
    this.#wellKnownSize += 1;
  }

  /** The place of these words, or the empty one where they belong. */
  #place(a: number, b: number, c: number, d: number): number {
    const words = this.#words;
    const mask = this.#receivers.length - 1;
    let place = hash(a, b, c, d) & mask;
    while (this.#receivers[place] !== undefined) {
      const at = place << 2;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #put(token: Token, receiver: MessageReceiver): void {
    const place = this.#place(token.a | 0, token.b | 0, token.c | 0, token.d | 0);
    this.#words.set([token.a, token.b, token.c, token.d], place << 2);
    this.#receivers[place] = receiver;
  }

  /** Empty a place, and let those behind it that had to give way move up. */
  #remove(place: number): void {
    const displaced = this.#run(place);
    for (const { index } of displaced) this.#receivers[index] = undefined;
    this.#receivers[place] = undefined;
    for (const { token, receiver } of displaced) this.#put(token, receiver);
    this.#size -= 1;
  }

  /** All that follow a place without a gap. */
  #run(place: number): { index: number; token: Token; receiver: MessageReceiver }[] {
    const found = [];
    const mask = this.#receivers.length - 1;
    for (let index = (place + 1) & mask; ; index = (index + 1) & mask) {
      const receiver = this.#receivers[index];
      if (receiver === undefined) return found;
      found.push({ index, token: this.#token(index), receiver });
    }
  }

  #token(place: number): Token {
    const [a, b, c, d] = this.#words.subarray(place * 4, place * 4 + 4) as unknown as [number, number, number, number];
    return { a, b, c, d };
  }

  #grow(): void {
    const old = this.#receivers;
    const tokens = old.map((receiver, place) => (receiver === undefined ? undefined : this.#token(place)));
    this.#receivers = new Array<undefined>(old.length * 2).fill(undefined);
    this.#words = new Int32Array(old.length * 8);
    tokens.forEach((token, place) => {
      if (token !== undefined) this.#put(token, old[place] as MessageReceiver);
    });
  }
}

/** Siblings differ in two words only, so every word is mixed in. */
function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a ^ Math.imul(d, 0x85ebca6b), 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b ^ Math.imul(c, 0xc2b2ae35), 0x85ebca77);
  return mixed ^ (mixed >>> 13);
}

function inUse(token: UID): MessagingError<"token_in_use"> {
  const text = token.toString();
  return new MessagingError("token_in_use", `somebody listens at ${text} already`, { token: text });
}

function noSuchSlot(slot: number): MessagingError<"invalid_well_known_token"> {
  const message = `there is no well-known slot ${slot}: 0 to ${WELL_KNOWN_RESERVED_COUNT - 1} are`;
  return new MessagingError("invalid_well_known_token", message, { slot });
}

const initialPlaces = 16;
