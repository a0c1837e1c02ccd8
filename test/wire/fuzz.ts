/** Streams as a peer would send them, spoilt on purpose. The same seed spoils them the same way. */
import { concatBytes } from "../../src/base/bytes.ts";
import { Sfc32 } from "../../src/base/sfc32.ts";
import { NetworkAddress, UID } from "../../src/core/index.ts";
import { Crc32c, encodeHandshake } from "../../src/wire/index.ts";
import { frameOf } from "./frames.ts";

/** Whole numbers below a limit, and bytes. */
export class FuzzRandom {
  readonly #source = new Sfc32();

  constructor(seed: number) {
    this.#source.seed(Uint32Array.of(seed, 0x77617665, 0x74616e6b, 1));
  }

  below(limit: number): number {
    return this.#source.next() % limit;
  }

  bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => this.below(256));
  }
}

/** A stream of which one frame is not as it should be. */
export interface Mutant {
  /** The handshake, then messages; the one at `at` was spoilt. */
  readonly frames: readonly Uint8Array[];
  readonly at: number;
  /** What was done to it. */
  readonly what: string;
  /** Whether its checksum was made right again, so that what is inside gets read. */
  readonly isResummed: boolean;
}

/** One mutant in two has its checksum made right, and one of those in two its length as well. */
export function drawMutant(random: FuzzRandom): Mutant {
  const frames = drawFrames(random);
  // Every other time the handshake, which is one frame of several and has the most to go wrong.
  const at = random.below(2) === 0 ? 0 : random.below(frames.length);
  const [what, mutate] = mutations[random.below(mutations.length)] as Mutation;
  const spoilt = mutate((frames[at] as Uint8Array).slice(), random);
  const isResummed = random.below(2) === 0;
  if (isResummed) resum(spoilt, random.below(2) === 0);
  frames[at] = spoilt;
  return { frames, at, what, isResummed };
}

/** Cut into pieces of random sizes, small ones above all. */
export function* randomPieces(
  bytes: Uint8Array,
  random: FuzzRandom,
): Iterable<Uint8Array> {
  let start = 0;
  while (start < bytes.length) {
    const size = 1 + random.below(1 << random.below(10));
    yield bytes.slice(start, start + size);
    start += size;
  }
}

/** A handshake and up to six messages of all kinds. */
function drawFrames(random: FuzzRandom): Uint8Array[] {
  const address = NetworkAddress.parse("10.0.6.6:4500");
  const greeting = encodeHandshake({
    payloadSizeMax: 1_000_000,
    incarnation: BigInt(random.below(1_000_000)),
    address: random.below(2) === 0 ? undefined : address,
  });
  const messages = Array.from({ length: 1 + random.below(6) }, () =>
    frameOf(drawMessage(random), drawToken(random)),
  );
  return [frameOf(greeting), ...messages];
}

/** The head of a message and a body: kind, flags, no extra, what belongs to the kind. */
function drawMessage(random: FuzzRandom): Uint8Array {
  const kind = 1 + random.below(5);
  const head = Uint8Array.of(kind, 0, 0, 0, ...random.bytes(20));
  return concatBytes([head, random.bytes(random.below(200))]);
}

/** One of four, so that some are known to whoever reads. */
function drawToken(random: FuzzRandom): UID {
  return new UID(1, 2, 3, 1 + random.below(4));
}

type Mutate = (frame: Uint8Array, random: FuzzRandom) => Uint8Array;
type Mutation = readonly [what: string, mutate: Mutate];

const mutations: readonly Mutation[] = [
  ["bits were flipped", flipBits],
  ["its end is missing", truncate],
  ["a part is there twice", duplicate],
  ["a part comes from elsewhere", splice],
  ["its length is another", changeLength],
  ["its payload begins otherwise", changeHead],
  ["it is noise", (_, random) => random.bytes(random.below(300))],
];

function flipBits(frame: Uint8Array, random: FuzzRandom): Uint8Array {
  for (let count = random.below(8); count >= 0; count -= 1) {
    const at = random.below(frame.length);
    frame[at] = (frame[at] as number) ^ (1 << random.below(8));
  }
  return frame;
}

function truncate(frame: Uint8Array, random: FuzzRandom): Uint8Array {
  return frame.slice(0, random.below(frame.length));
}

function duplicate(frame: Uint8Array, random: FuzzRandom): Uint8Array {
  const start = random.below(frame.length);
  const end = start + random.below(frame.length - start);
  return concatBytes([frame.slice(0, end), frame.slice(start)]);
}

function splice(frame: Uint8Array, random: FuzzRandom): Uint8Array {
  const start = random.below(frame.length);
  frame.set(random.bytes(random.below(frame.length - start)), start);
  return frame;
}

/** Off by a little, less than a header, or whatever four bytes can hold. */
function changeLength(frame: Uint8Array, random: FuzzRandom): Uint8Array {
  const lengths = [
    frame.length - 8 + random.below(16),
    random.below(24),
    random.below(0x1_0000_0000),
  ];
  const length = lengths[random.below(lengths.length)] as number;
  new DataView(frame.buffer).setUint32(0, length, true);
  return frame;
}

/** The first bytes of a payload say the most: kind, versions, lengths of what follows. */
function changeHead(frame: Uint8Array, random: FuzzRandom): Uint8Array {
  const at = 24 + random.below(Math.min(32, frame.length - 24));
  frame[at] = random.below(256);
  return frame;
}

function resum(frame: Uint8Array, withLength: boolean): void {
  if (frame.length < 24) return;
  const view = new DataView(frame.buffer, frame.byteOffset);
  if (withLength) view.setUint32(0, frame.length, true);
  const claimed = view.getUint32(0, true);
  const end = claimed < 24 ? 24 : Math.min(claimed, frame.length);
  const sum = new Crc32c().add(frame, 0, 4).add(frame, 8, end).value;
  view.setUint32(4, sum, true);
}
