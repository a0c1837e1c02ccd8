/** What the tests with spoilt streams ask of whoever reads them. */
import { concatBytes, equalBytes } from "../../src/base/bytes.ts";
import {
  Crc32c,
  decodeHandshake,
  deserializePacket,
  FrameReader,
  HANDSHAKE_SIZE_MAX,
  HEADER_SIZE,
  isWireError,
  tryDeserializePacket,
} from "../../src/wire/index.ts";
import { drawMutant, FuzzRandom, type Mutant, randomPieces } from "./fuzz.ts";

export interface Findings {
  bytes: number;
  /** Mutants of which every byte was taken. */
  accepted: number;
  resummed: number;
  /** What was thrown, by code. */
  readonly codes: Map<string, number>;
  /** What should not have been. Empty when all is well. */
  readonly faults: string[];
}

/** Read that many mutants, each in pieces and then frame by frame. */
export function readMutants(seed: number, count: number): Findings {
  const random = new FuzzRandom(seed);
  const found: Findings = {
    bytes: 0,
    accepted: 0,
    resummed: 0,
    codes: new Map(),
    faults: [],
  };
  for (let index = 0; index < count; index += 1) {
    const mutant = drawMutant(random);
    if (mutant.isResummed) found.resummed += 1;
    readInPieces(mutant, random, found);
    readSingly(mutant, found);
  }
  return found;
}

/** As a channel does: first the handshake, under its own limit, then messages. */
function readInPieces(
  mutant: Mutant,
  random: FuzzRandom,
  found: Findings,
): void {
  const stream = concatBytes(mutant.frames);
  const reader = new FrameReader(HANDSHAKE_SIZE_MAX);
  const read: Uint8Array[] = [];
  const frame = (bytes: Uint8Array, start: number, end: number): void => {
    if (read.length === 0) {
      decodeHandshake(bytes.subarray(start + HEADER_SIZE, end));
      reader.payloadSizeMax = payloadSizeMax;
    }
    read.push(bytes.slice(start, end));
  };
  found.bytes += stream.length;
  const taken = attempt(mutant, found, () => {
    for (const piece of randomPieces(stream, random)) {
      reader.push(piece, { frame });
      // A frame in pieces takes an array that at most doubles what has come.
      if (reader.heldSize > stream.length) throw new Error("it holds too much");
    }
  });
  if (taken && reader.heldSize === 0) found.accepted += 1;
  checkFrames(mutant, read, found);
}

/** What lies before the spoilt frame must come out as it is; what follows too, or not at all. */
function checkFrames(
  mutant: Mutant,
  read: readonly Uint8Array[],
  found: Findings,
): void {
  if (read.length < mutant.at)
    fault(mutant, found, "a sound frame did not arrive");
  if (!read.every(isSound))
    fault(mutant, found, "a frame came out that is none");
  const taken = concatBytes(read);
  const stream = concatBytes(mutant.frames);
  if (!equalBytes(taken, stream.subarray(0, taken.length)))
    fault(
      mutant,
      found,
      "something came out that was not sent, or a part was skipped",
    );
}

/** By another road than the reader's: a view, and native code. */
function isSound(frame: Uint8Array): boolean {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const sum = new Crc32c()
    .addByNative(frame, 0, 4)
    .addByNative(frame, 8, frame.length).value;
  return (
    view.getUint32(0, true) === frame.length && view.getUint32(4, true) === sum
  );
}

function readSingly(mutant: Mutant, found: Findings): void {
  const spoilt = mutant.frames[mutant.at] as Uint8Array;
  const asked = attempt(mutant, found, () => deserializePacket(spoilt));
  const tried = attempt(mutant, found, () => tryDeserializePacket(spoilt));
  if (asked && !tried) fault(mutant, found, "two readers disagree");
}

/** Whether nothing was thrown. What is thrown must be a `WireError`. */
function attempt(mutant: Mutant, found: Findings, read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!isWireError(error)) fault(mutant, found, String(error));
    else found.codes.set(error.code, (found.codes.get(error.code) ?? 0) + 1);
    return false;
  }
}

function fault(mutant: Mutant, found: Findings, what: string): void {
  const hex = Buffer.from(mutant.frames[mutant.at] ?? []).toString("hex");
  found.faults.push(
    `${what}; frame ${mutant.at}, of which ${mutant.what}: ${hex}`,
  );
}

const payloadSizeMax = 4_096;
