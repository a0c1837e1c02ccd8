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
  readonly #wellKnown: (MessageReceiver | undefined)[] = new Array<undefined>(
    WELL_KNOWN_RESERVED_COUNT,
  ).fill(undefined);
  /** Four words per place. */
  #words = new Int32Array(initialPlaces * 4);
  #receivers: (MessageReceiver | undefined)[] = new Array<undefined>(
    initialPlaces,
  ).fill(undefined);
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
    if ((token.a & token.b) === -1)
      return token.c === 0 ? this.#wellKnown[token.d] : undefined;
    return this.#receivers[this.#place(token)];
  }

  /** Forget who listens there. Harmless when nobody does. */
  delete(token: UID): void {
    if (this.find(token) === undefined) return;
    if (token.isWellKnown) {
      this.#wellKnown[token.d] = undefined;
      this.#wellKnownSize -= 1;
    } else {
      this.#remove(this.#place(token));
    }
  }

  #insertWellKnown(token: UID, receiver: MessageReceiver): void {
    if (token.c !== 0 || token.d >= WELL_KNOWN_RESERVED_COUNT)
      throw noSuchSlot(token.d);
    this.#wellKnown[token.d] = receiver;
    this.#wellKnownSize += 1;
  }

  /** The place of a token, or the empty one where it belongs. */
  #place(token: Token): number {
    const words = this.#words;
    const mask = this.#receivers.length - 1;
    let place = hash(token) & mask;
    while (this.#receivers[place] !== undefined) {
      const at = place << 2;
      const difference =
        ((words[at] as number) ^ token.a) |
        ((words[at + 1] as number) ^ token.b) |
        ((words[at + 2] as number) ^ token.c) |
        ((words[at + 3] as number) ^ token.d);
      if (difference === 0) break;
      place = (place + 1) & mask;
    }
    return place;
  }

  #put(token: Token, receiver: MessageReceiver): void {
    const place = this.#place(token);
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
  #run(
    place: number,
  ): { index: number; token: Token; receiver: MessageReceiver }[] {
    const found = [];
    const mask = this.#receivers.length - 1;
    for (let index = (place + 1) & mask; ; index = (index + 1) & mask) {
      const receiver = this.#receivers[index];
      if (receiver === undefined) return found;
      found.push({ index, token: this.#token(index), receiver });
    }
  }

  #token(place: number): Token {
    const token = { a: 0, b: 0, c: 0, d: 0 };
    const at = place * 4;
    (["a", "b", "c", "d"] as const).forEach((word, index) => {
      token[word] = this.#words[at + index] as number;
    });
    return token;
  }

  #grow(): void {
    const old = this.#receivers;
    const tokens = old.map((receiver, place) =>
      receiver === undefined ? undefined : this.#token(place),
    );
    this.#receivers = new Array<undefined>(old.length * 2).fill(undefined);
    this.#words = new Int32Array(old.length * 8);
    tokens.forEach((token, place) => {
      if (token !== undefined) this.#put(token, old[place] as MessageReceiver);
    });
  }
}

/** Siblings differ in two words only, so every word is mixed in. */
function hash({ a, b, c, d }: Token): number {
  let mixed = Math.imul(a ^ Math.imul(d, 0x85ebca6b), 0x9e3779b1);
  mixed = Math.imul(
    mixed ^ (mixed >>> 15) ^ b ^ Math.imul(c, 0xc2b2ae35),
    0x85ebca77,
  );
  return mixed ^ (mixed >>> 13);
}

function inUse(token: UID): MessagingError<"token_in_use"> {
  const text = token.toString();
  return new MessagingError(
    "token_in_use",
    `somebody listens at ${text} already`,
    { token: text },
  );
}

function noSuchSlot(slot: number): MessagingError<"invalid_well_known_token"> {
  const message = `there is no well-known slot ${slot}: 0 to ${WELL_KNOWN_RESERVED_COUNT - 1} are`;
  return new MessagingError("invalid_well_known_token", message, { slot });
}

const initialPlaces = 16;
