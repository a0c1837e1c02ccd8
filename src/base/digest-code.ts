/**
 * The inner loop of `digest.ts` as WebAssembly, which has the 64-bit multiplication that JavaScript lacks: four times
 * as fast as the best loop over 32-bit words (bench row `sim.disk`). It is put together here, instruction by
 * instruction, so that there is nothing to build and nothing to trust blindly.
 *
 * ```
 * digest(end):                          // bytes, a multiple of 32 and more than 0
 *   lane[0..3] = seed[0..3]; at = 0
 *   do for each of the four lanes:      // one word of 64 bits each
 *        lane = (lane ^ memory[at + 8 * lane's number]) * factor
 *        lane = lane ^ (lane >>> 32)
 *      at += 32
 *   while at < end
 *   memory[resultsAt + 8 * lane's number] = lane
 * ```
 */

/** How many lanes of 64 bits there are. */
export const laneCount = 4;
const wordBytes = 8;
/** What one turn of the loop takes in. */
export const turnBytes: number = laneCount * wordBytes;

/** An odd number, so that no difference is multiplied away: the golden ratio, as in xxHash. */
export const factor = 0x9e37_79b1_85eb_ca87n;
/** Any numbers will do: the first digits of pi, as in Blowfish. */
export const seeds: readonly bigint[] = [
  0x243f_6a88_85a3_08d3n,
  0x1319_8a2e_0370_7344n,
  0xa409_3822_299f_31d0n,
  0x082e_fa98_ec4e_6c89n,
];

/** The module. It exports `memory`, of 64 KiB, and `digest`. */
export function digestModule(resultsAt: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, ...list([[type.i32]]), ...list([])]]),
    ...section(3, [[0]]),
    ...section(5, [[0, 1]]),
    ...section(7, [
      [...text("memory"), 2, 0],
      [...text("digest"), 0, 0],
    ]),
    ...section(10, [sized([...locals, ...body(resultsAt)])]),
  ]);
}

const type = { i32: 0x7f, i64: 0x7e, none: 0x40 } as const;
const op = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i64Load: 0x29,
  i64Store: 0x37,
  i32Const: 0x41,
  i64Const: 0x42,
  i32LessUnsigned: 0x49,
  i32Add: 0x6a,
  i64Multiply: 0x7e,
  i64Xor: 0x85,
  i64ShiftRightUnsigned: 0x88,
} as const;
/** Of the words that are loaded and stored, as a power of two. */
const alignment = 3;

/** The parameter, and behind it what `locals` declares. */
const local = { end: 0, at: 1, lane: 2 } as const;
const locals = list([
  [1, type.i32],
  [laneCount, type.i64],
]);

function body(resultsAt: number): number[] {
  const lanes = Array.from({ length: laneCount }, (_, lane) => lane);
  const start = (lane: number): number[] => [
    ...[op.i64Const, ...signed(seeds[lane] as bigint)],
    ...[op.localSet, local.lane + lane],
  ];
  const finish = (lane: number): number[] => [
    ...[op.i32Const, ...signed(0n), op.localGet, local.lane + lane],
    ...[op.i64Store, alignment, ...unsigned(resultsAt + lane * wordBytes)],
  ];
  return [
    ...lanes.flatMap(start),
    ...[op.loop, type.none, ...lanes.flatMap(turn)],
    ...[op.localGet, local.at, op.i32Const, ...signed(BigInt(turnBytes))],
    ...[op.i32Add, op.localTee, local.at],
    ...[op.localGet, local.end, op.i32LessUnsigned, op.branchIf, 0, op.end],
    ...[...lanes.flatMap(finish), op.end],
  ];
}

function turn(lane: number): number[] {
  const name = local.lane + lane;
  return [
    ...[op.localGet, name, op.localGet, local.at],
    ...[op.i64Load, alignment, ...unsigned(lane * wordBytes), op.i64Xor],
    ...[op.i64Const, ...signed(factor), op.i64Multiply, op.localTee, name],
    ...[op.i64Const, ...signed(32n), op.i64ShiftRightUnsigned],
    ...[op.localGet, name, op.i64Xor, op.localSet, name],
  ];
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  return [id, ...sized(list(items))];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(name: string): number[] {
  return sized(Array.from(name, (letter) => letter.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80
    ? [value]
    : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128 of 64 bits in two's complement. */
function signed(value: bigint): number[] {
  const rest = BigInt.asIntN(64, value);
  const low = Number(rest & 0x7fn);
  const isLast = rest >= -64n && rest < 64n;
  return isLast ? [low] : [low | 0x80, ...signed(rest >> 7n)];
}
