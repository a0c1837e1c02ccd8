/**
 * Little-endian integers in a byte array, without a `DataView` to allocate.
 * 32-bit words are read signed: V8 keeps those in a register or a field as they
 * are, while larger numbers would be boxed on the heap, once per frame.
 */

export function readInt32(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset] as number) |
    ((bytes[offset + 1] as number) << 8) |
    ((bytes[offset + 2] as number) << 16) |
    ((bytes[offset + 3] as number) << 24)
  );
}

export function writeInt32(
  bytes: Uint8Array,
  offset: number,
  value: number,
): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

export function readUint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] as number) | ((bytes[offset + 1] as number) << 8);
}

export function writeUint16(
  bytes: Uint8Array,
  offset: number,
  value: number,
): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
}
