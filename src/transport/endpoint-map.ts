/** Who listens at which token. Looked up once per message, at the same cost however many there are. */
import { type UID, WELL_KNOWN_RESERVED_COUNT } from "../core/index.ts";
import type { Token } from "../wire/index.ts";
import { MessagingError, tokenInUse } from "./messaging-error.ts";
import type { ReplyPromise } from "./reply-promise.ts";

/** Takes the messages that arrive at an endpoint. */
export interface MessageReceiver {
  /**
   * A message came: `message.request` is its body, `message.peer` who sent it.
   * Answer through the promise, now or later. Must return soon and not throw.
   */
  receive(message: ReplyPromise): void;
  /** The transport was closed: nothing comes any more, and nobody can be answered. */
  closed?(): void;
}

/** Takes what peers send to tokens at which nobody listens: for gateways, which pass it on. */
export interface PeerReceiver {
  /** As of `MessageReceiver`, with the token that the message is for. */
  receive(token: UID, message: ReplyPromise): void;
}

/**
 * Well-known tokens in an array by slot; all others in an open-addressing table (linear probing, at most half full)
 * over their four words, so that a look-up makes no key, neither text nor bigint.
 *
 * The table holds numbers of entries, and entries lie close together: a look-up among many touches as little memory
 * as can be (bench row `rpc.endpoints`).
 */
export class EndpointMap {
  #forOthers: PeerReceiver | undefined;
  readonly #wellKnown: (MessageReceiver | undefined)[] = new Array<undefined>(
    WELL_KNOWN_RESERVED_COUNT,
  ).fill(undefined);
  /** One more than the number of the entry that is there; 0 where there is none. */
  #places = new Int32Array(initialPlaces);
  /** The token of each entry, four words. */
  #words = new Int32Array(initialPlaces * 2);
  /** The receiver of each entry; `undefined` in one that is free. */
  readonly #receivers: (MessageReceiver | undefined)[] = [];
  readonly #free: number[] = [];
  #wellKnownSize = 0;

  /** How many receivers are registered. */
  get size(): number {
    return this.#receivers.length - this.#free.length + this.#wellKnownSize;
  }

  /** Put a receiver at a token. Throws `MessagingError` when it is taken, or no slot. */
  insert(token: UID, receiver: MessageReceiver): void {
    if (!token.isValid) throw new TypeError("the zero UID addresses nobody");
    if (this.find(token) !== undefined) throw tokenInUse(token.toString());
    if (token.isWellKnown) return this.#insertWellKnown(token, receiver);
    const entry = this.#free.pop() ?? this.#receivers.length;
    if ((entry + 1) * 2 > this.#places.length) this.#grow();
    this.#words.set([token.a, token.b, token.c, token.d], entry << 2);
    this.#receivers[entry] = receiver;
    this.#places[this.#place(token)] = entry + 1;
  }

  /** Who listens there. */
  find(token: Token): MessageReceiver | undefined {
    if ((token.a & token.b) === -1)
      return token.c === 0 ? this.#wellKnown[token.d] : undefined;
    const entry = this.#places[this.#place(token)] as number;
    return entry === 0 ? undefined : this.#receivers[entry - 1];
  }

  /** Who takes what is for nobody here. */
  get forOthers(): PeerReceiver | undefined {
    return this.#forOthers;
  }

  /** Have one receiver take what is for nobody here. Throws `MessagingError` when another one does. */
  insertForOthers(receiver: PeerReceiver): Disposable {
    if (this.#forOthers !== undefined) throw tokenInUse("every other token");
    this.#forOthers = receiver;
    return {
      [Symbol.dispose]: () => {
        if (this.#forOthers === receiver) this.#forOthers = undefined;
      },
    };
  }

  /** Tell all receivers that the transport was closed. */
  close(): void {
    for (const receiver of this.#wellKnown) receiver?.closed?.();
    for (const receiver of this.#receivers) receiver?.closed?.();
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
    const places = this.#places;
    const words = this.#words;
    const mask = places.length - 1;
    let place = hash(token) & mask;
    for (
      let entry = places[place] as number;
      entry !== 0;
      entry = places[place] as number
    ) {
      const at = (entry - 1) << 2;
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

  /** Empty a place, and let those behind it that had to give way move up. */
  #remove(place: number): void {
    const places = this.#places;
    const entry = (places[place] as number) - 1;
    this.#receivers[entry] = undefined;
    this.#free.push(entry);
    places[place] = 0;
    const mask = places.length - 1;
    for (
      let next = (place + 1) & mask;
      places[next] !== 0;
      next = (next + 1) & mask
    ) {
      const displaced = places[next] as number;
      places[next] = 0;
      this.#settle(displaced - 1);
    }
  }

  /** Put an entry where its token belongs. */
  #settle(entry: number): void {
    const at = entry << 2;
    const [a, b, c, d] = this.#words.subarray(at, at + 4);
    const token = { a, b, c, d } as Token;
    this.#places[this.#place(token)] = entry + 1;
  }

  /** Only when no entry is free. */
  #grow(): void {
    const placeCount = this.#places.length * 2;
    const words = new Int32Array(placeCount * 2);
    words.set(this.#words);
    this.#words = words;
    this.#places = new Int32Array(placeCount);
    for (let entry = 0; entry < this.#receivers.length; entry += 1)
      this.#settle(entry);
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

function noSuchSlot(slot: number): MessagingError<"invalid_well_known_token"> {
  const message = `there is no well-known slot ${slot}: 0 to ${WELL_KNOWN_RESERVED_COUNT - 1} are`;
  return new MessagingError("invalid_well_known_token", message, { slot });
}

const initialPlaces = 16;
