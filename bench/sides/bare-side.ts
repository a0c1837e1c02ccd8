/**
 * What a bare `net.Socket` can do with our frames and our checksum, and nothing else. No peers, no deadlines, no
 * endpoints, no errors, no backpressure: each of those is what the real thing may cost on top.
 *
 * Frames that arrive together are answered together, the first sixteen in one write, twice as many in the next, and so
 * on, on both sides: with one write for all, each side would idle while the other works. Nothing but the checksum and
 * the codec is shared with `src/`, so a slip there cannot lower the ceiling.
 */
import { connect, createServer, type Socket } from "node:net";

import { Crc32c } from "../../src/wire/index.ts";
import type { EchoCall } from "../calls.ts";
import type { EchoSide } from "./side.ts";

const slabSize = 65_536;
/** As of the transport's `Burst`. */
const firstPiece = 16;
const sum = new Crc32c();

/** How payloads become what a frame holds. */
export interface BareCodec {
  /** Bytes of a frame before what the codec makes, the header of 24 included; what is not header is zero. */
  readonly requestHeadSize: number;
  readonly responseHeadSize: number;
  encodeRequest(payload: Uint8Array): Uint8Array;
  /** The payload of the answer to that request. */
  answer(request: Uint8Array): Uint8Array;
  decodeResponse(response: Uint8Array): Uint8Array;
}

/** Both halves of a contestant that has nothing but frames. */
export function bareSide(codec: BareCodec): EchoSide {
  return {
    serve() {
      const server = createServer((socket) => answerAll(socket, codec));
      return new Promise((resolve) => {
        server.listen(0, "127.0.0.1", () =>
          resolve((server.address() as { port: number }).port),
        );
      });
    },
    connect(port) {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      const call = caller(socket, codec);
      return new Promise((resolve) =>
        socket.on("connect", () => resolve(call)),
      );
    },
  };
}

function answerAll(socket: Socket, codec: BareCodec): void {
  socket.setNoDelay(true);
  const output = new Output(socket, codec.responseHeadSize);
  const onFrame = (id: number, bytes: Uint8Array): void =>
    output.add(id, codec.answer(bytes));
  const done = (): void => output.flush();
  readFrames(socket, codec.requestHeadSize, { onFrame, done });
}

function caller(socket: Socket, codec: BareCodec): EchoCall {
  const output = new Output(socket, codec.requestHeadSize);
  const waiting = new Map<number, (payload: Uint8Array) => void>();
  let lastId = 0;
  let flushing = false;
  const flush = (): void => {
    flushing = false;
    output.flush();
  };
  const onFrame = (id: number, bytes: Uint8Array): void => {
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(codec.decodeResponse(bytes));
  };
  const done = (): void => undefined;
  readFrames(socket, codec.responseHeadSize, { onFrame, done });
  return (payload) =>
    new Promise((resolve) => {
      lastId = (lastId + 1) >>> 0;
      waiting.set(lastId, resolve);
      output.add(lastId, codec.encodeRequest(payload));
      if (!flushing) queueMicrotask(flush);
      flushing = true;
    });
}

/** Frames one after the other in a slab; a slab is never written again where it was once handed to the socket. */
class Output {
  #slab: Buffer = Buffer.allocUnsafeSlow(slabSize);
  #start = 0;
  #end = 0;
  /** Frames since the last write, and how many make the next one. */
  #count = 0;
  #pieceCount = firstPiece;
  readonly #socket: Socket;
  readonly #headSize: number;

  constructor(socket: Socket, headSize: number) {
    this.#socket = socket;
    this.#headSize = headSize;
  }

  /** Add a frame whose token begins with `id`. */
  add(id: number, payload: Uint8Array): void {
    const length = this.#headSize + payload.length;
    if (this.#end + length > this.#slab.length) this.#renew(length);
    const slab = this.#slab;
    const start = this.#end;
    slab.writeUInt32LE(length, start);
    slab.writeUInt32LE(id, start + 8);
    slab.fill(0, start + 12, start + this.#headSize);
    slab.set(payload, start + this.#headSize);
    this.#end = start + length;
    slab.writeUInt32LE(checksum(slab, start, this.#end), start + 4);
    this.#count += 1;
    if (this.#count < this.#pieceCount) return;
    this.#write();
    this.#pieceCount *= 2;
  }

  /** Nothing more comes at once. */
  flush(): void {
    this.#write();
    this.#pieceCount = firstPiece;
  }

  #write(): void {
    this.#count = 0;
    if (this.#start === this.#end) return;
    this.#socket.write(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #renew(length: number): void {
    this.#write();
    this.#slab = Buffer.allocUnsafeSlow(Math.max(slabSize, length));
    this.#start = 0;
    this.#end = 0;
  }
}

/** Calls back with every whole frame; `done` after the last one of what arrived together. */
function readFrames(
  socket: Socket,
  headSize: number,
  reader: {
    onFrame(id: number, payload: Uint8Array): void;
    done(): void;
  },
): void {
  let rest: Buffer | undefined;
  socket.on("data", (chunk: Buffer) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    while (bytes.length - start >= headSize) {
      const end = start + bytes.readUInt32LE(start);
      if (end > bytes.length) break;
      if (checksum(bytes, start, end) !== bytes.readUInt32LE(start + 4))
        throw new Error("a frame is damaged");
      reader.onFrame(
        bytes.readUInt32LE(start + 8),
        bytes.subarray(start + headSize, end),
      );
      start = end;
    }
    rest = start === bytes.length ? undefined : bytes.subarray(start);
    reader.done();
  });
}

/** Over length, token and payload, as `src/wire` has it. */
function checksum(bytes: Buffer, start: number, end: number): number {
  return sum
    .reset()
    .add(bytes, start, start + 4)
    .add(bytes, start + 8, end).value;
}
