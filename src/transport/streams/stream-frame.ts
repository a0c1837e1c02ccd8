/** The frames that belong to a request beside itself and its reply. */
import { emptyBytes } from "../../base/bytes.ts";
import { type FrameWriter, type Token, writeInt32 } from "../../wire/index.ts";
import type { Outgoing } from "../channel-output.ts";
import { CREDIT_SIZE, ITEM_HEAD_SIZE, Kind, type Way } from "../envelope.ts";

/** A frame that waits to be written. It keeps the words of its token: the request may be over by then. */
export class StreamFrame implements Outgoing, Token {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** The first word of its payload. */
  readonly #head: number;
  readonly #body: Uint8Array;

  constructor(token: Token, head: number, body: Uint8Array = emptyBytes) {
    this.a = token.a;
    this.b = token.b;
    this.c = token.c;
    this.d = token.d;
    this.#head = head;
    this.#body = body;
  }

  get size(): number {
    return this.#body.length + ownSize;
  }

  writeTo(writer: FrameWriter): void {
    const at = writer.begin(this, ITEM_HEAD_SIZE, this.#body);
    writeInt32(writer.buffer, at, this.#head);
    writer.finish();
  }
}

/** The caller gives up. */
export function cancelFrame(token: Token): StreamFrame {
  return new StreamFrame(token, Kind.cancel);
}

/** A message of a stream. */
export function itemFrame(
  token: Token,
  way: Way,
  body: Uint8Array,
): StreamFrame {
  return new StreamFrame(token, Kind.item | (way << 8), body);
}

/** The caller's stream is complete. */
export function endFrame(token: Token): StreamFrame {
  return new StreamFrame(token, Kind.end);
}

/** The other side may send so many bytes more. */
export function creditFrame(
  token: Token,
  way: Way,
  bytes: number,
): StreamFrame {
  const body = new Uint8Array(CREDIT_SIZE - ITEM_HEAD_SIZE);
  writeInt32(body, 0, bytes);
  return new StreamFrame(token, Kind.credit | (way << 8), body);
}

/** About what a frame takes by itself. */
const ownSize = 128;
