/**
 * The ceiling: what a bare `net.Socket` can do with our frames, our checksum and our codec, and nothing else. No peers,
 * no deadlines, no endpoints, no errors, no backpressure: each of those is what the real thing may cost on top.
 *
 * Frames that arrive together are answered together, in one write, on both sides. Nothing but the checksum is shared
 * with `src/`, so a slip there cannot lower the ceiling.
 */
import { connect, createServer, type Socket } from "node:net";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import {
  EchoRequestSchema,
  EchoResponseSchema,
} from "../../gen/bench/v1/bench_pb.ts";
import { Crc32c } from "../../src/wire/index.ts";
import { playSide } from "./side.ts";

const headerSize = 24;
const slabSize = 65_536;
const sum = new Crc32c();

/** Frames one after the other in a slab; a slab is never written again where it was once handed to the socket. */
class Output {
  #slab: Buffer = Buffer.allocUnsafeSlow(slabSize);
  #start = 0;
  #end = 0;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Add a frame whose token begins with `id`. */
  add(id: number, payload: Uint8Array): void {
    const length = headerSize + payload.length;
    if (this.#end + length > this.#slab.length) this.#renew(length);
    const slab = this.#slab;
    const start = this.#end;
    slab.writeUInt32LE(length, start);
    slab.writeUInt32LE(id, start + 8);
    slab.fill(0, start + 12, start + headerSize);
    slab.set(payload, start + headerSize);
    this.#end = start + length;
    slab.writeUInt32LE(checksum(slab, start, this.#end), start + 4);
  }

  flush(): void {
    if (this.#start === this.#end) return;
    this.#socket.write(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #renew(length: number): void {
    this.flush();
    this.#slab = Buffer.allocUnsafeSlow(Math.max(slabSize, length));
    this.#start = 0;
    this.#end = 0;
  }
}

/** Calls back with every whole frame; `done` after the last one of what arrived together. */
function readFrames(
  socket: Socket,
  onFrame: (id: number, payload: Uint8Array) => void,
  done: () => void,
): void {
  let rest: Buffer | undefined;
  socket.on("data", (chunk: Buffer) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    while (bytes.length - start >= headerSize) {
      const end = start + bytes.readUInt32LE(start);
      if (end > bytes.length) break;
      if (checksum(bytes, start, end) !== bytes.readUInt32LE(start + 4))
        throw new Error("a frame is damaged");
      onFrame(
        bytes.readUInt32LE(start + 8),
        bytes.subarray(start + headerSize, end),
      );
      start = end;
    }
    rest = start === bytes.length ? undefined : bytes.subarray(start);
    done();
  });
}

/** Over length, token and payload, as `src/wire` has it. */
function checksum(bytes: Buffer, start: number, end: number): number {
  return sum
    .reset()
    .add(bytes, start, start + 4)
    .add(bytes, start + 8, end).value;
}

function answer(socket: Socket): void {
  socket.setNoDelay(true);
  const output = new Output(socket);
  const onFrame = (id: number, bytes: Uint8Array): void => {
    const { payload } = fromBinary(EchoRequestSchema, bytes);
    output.add(
      id,
      toBinary(EchoResponseSchema, create(EchoResponseSchema, { payload })),
    );
  };
  readFrames(socket, onFrame, () => output.flush());
}

await playSide({
  serve() {
    const server = createServer(answer);
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () =>
        resolve((server.address() as { port: number }).port),
      );
    });
  },
  connect(port) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const output = new Output(socket);
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
      resolve?.(fromBinary(EchoResponseSchema, bytes).payload);
    };
    readFrames(socket, onFrame, () => undefined);
    const call = (payload: Uint8Array): Promise<Uint8Array> =>
      new Promise((resolve) => {
        lastId = (lastId + 1) >>> 0;
        waiting.set(lastId, resolve);
        output.add(
          lastId,
          toBinary(EchoRequestSchema, create(EchoRequestSchema, { payload })),
        );
        if (!flushing) queueMicrotask(flush);
        flushing = true;
      });
    return new Promise((resolve) => socket.on("connect", () => resolve(call)));
  },
});
