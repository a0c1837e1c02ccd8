/** Takes each frame that arrives to the call or the receiver that it is for. */
import { HEADER_SIZE, readInt32, tokenOffset } from "../wire/index.ts";
import type { CallTable } from "./call-table.ts";
import type { Channel } from "./channel.ts";
import type { EndpointMap } from "./endpoint-map.ts";
import { badMessage, bodyStart, Kind, REPLY_HEAD_SIZE, REQUEST_HEAD_SIZE } from "./envelope.ts";
import type { TransportCounters } from "./metrics.ts";
import { ReplyPromise } from "./reply-promise.ts";

export class Dispatcher {
  readonly #endpoints: EndpointMap;
  readonly #calls: CallTable;
  readonly #counters: TransportCounters;
  /** The token of the frame at hand; one object for all of them. */
  readonly #token = { a: 0, b: 0, c: 0, d: 0 };

  constructor(endpoints: EndpointMap, calls: CallTable, counters: TransportCounters) {
    this.#endpoints = endpoints;
    this.#calls = calls;
    this.#counters = counters;
  }

  /** Hand on the frame from `start` to `end`. Throws `WireError` when it holds no message. */
  dispatch(channel: Channel, bytes: Uint8Array, start: number, end: number): void {
    this.#counters.framesReceived += 1;
    const token = this.#token;
    token.a = readInt32(bytes, start + tokenOffset.a);
    token.b = readInt32(bytes, start + tokenOffset.b);
    token.c = readInt32(bytes, start + tokenOffset.c);
    token.d = readInt32(bytes, start + tokenOffset.d);
    const at = start + HEADER_SIZE;
    const kind = at < end ? (bytes[at] as number) : 0;
    if (kind === Kind.reply) this.#reply(channel, bytes, at, end);
    else if (kind === Kind.request || kind === Kind.oneWay) this.#message(channel, bytes, at, end);
    else throw badMessage(at < end ? `${kind} is no kind of message` : "it is empty");
  }

  #reply(channel: Channel, bytes: Uint8Array, at: number, end: number): void {
    const body = bytes.subarray(bodyStart(bytes, at, end, REPLY_HEAD_SIZE), end);
    const awaited = this.#calls.answer(channel, this.#token, bytes[at + 1] as number, body);
    if (!awaited) this.#counters.repliesUnexpected += 1;
  }

  #message(channel: Channel, bytes: Uint8Array, at: number, end: number): void {
    const body = bytes.subarray(bodyStart(bytes, at, end, REQUEST_HEAD_SIZE), end);
    const promise = new ReplyPromise(channel, bytes, at, body);
    const { a, b, c, d } = this.#token;
    const receiver = this.#endpoints.findWords(a, b, c, d);
    if (receiver !== undefined) {
      this.#counters.dispatched += 1;
      receiver.receive(promise);
    } else {
      this.#counters.undelivered += 1;
      promise.sendError("endpoint_not_found");
    }
  }
}
