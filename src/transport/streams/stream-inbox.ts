/** Takes the frames that belong to a request, beside itself and its reply, to where they are awaited. */
import { readInt32 } from "../../wire/index.ts";
import {
  badMessage,
  CREDIT_SIZE,
  extraSize,
  ITEM_HEAD_SIZE,
  Kind,
  Way,
} from "../envelope.ts";
import type { RequestOrigin } from "../reply-promise.ts";
import type { Shared } from "../shared.ts";
import type { StreamInput } from "./stream-input.ts";
import type { StreamOutput } from "./stream-output.ts";

/** The two halves of a stream, as far as there are any. */
export interface StreamHalves {
  readonly items: StreamInput | undefined;
  readonly output: StreamOutput | undefined;
}

/**
 * Frames for a request that is over are late, not wrong: its other side did not know yet. They are counted and dropped.
 * For a request that has no such stream they are wrong, and end the connection.
 */
export class StreamInbox {
  readonly #shared: Shared;
  readonly #origin: RequestOrigin;

  constructor(shared: Shared, origin: RequestOrigin) {
    this.#shared = shared;
    this.#origin = origin;
  }

  /** The token of the frame is the one at hand. Throws `WireError` when it holds no message. */
  frame(bytes: Uint8Array, at: number, end: number): void {
    const kind = bytes[at] as number;
    const headSize = kind === Kind.credit ? CREDIT_SIZE : ITEM_HEAD_SIZE;
    const bodyStart =
      end - at < headSize ? end + 1 : at + headSize + extraSize(bytes, at);
    if (bodyStart > end)
      throw badMessage(`${end - at} bytes are no frame of a stream`);
    if (kind === Kind.cancel) return this.#cancel();
    const way = bytes[at + 1] as number;
    const halves = this.#find(way);
    if (halves === undefined) this.#late(way);
    else if (kind === Kind.item)
      present(halves.items).push(bytes.subarray(bodyStart, end));
    else if (kind === Kind.end) present(halves.items).end();
    else present(halves.output).credit(readInt32(bytes, at + ITEM_HEAD_SIZE));
  }

  /** A caller that leaves many streams gets a window of each: that is no flood of the other side's making. */
  #late(way: number): void {
    this.#shared.counters.itemsUnexpected += 1;
    if (way === Way.toReceiver) this.#origin.channel.guard.useless();
  }

  #cancel(): void {
    const { counters, token } = this.#shared;
    counters.requestsCancelled += 1;
    this.#origin.channel.guard.stray();
    this.#origin.requests.cancel(token);
  }

  #find(way: number): StreamHalves | undefined {
    const { calls, token } = this.#shared;
    if (way === Way.toReceiver) return this.#origin.requests.find(token);
    if (way !== Way.toCaller) throw badMessage(`${way} is no way`);
    const { channel } = this.#origin;
    const call = calls.find(token, channel);
    if (call === undefined) return undefined;
    channel.guard.askedCount += 1;
    return call.request.streams ?? neither;
  }
}

function present<Half>(half: Half | undefined): Half {
  if (half === undefined)
    throw badMessage("the request has no stream of that kind");
  return half;
}

const neither: StreamHalves = Object.freeze({
  items: undefined,
  output: undefined,
});
