/** 128-bit identities: of services, methods and endpoints. */
import type { RandomProvider } from "./random.ts";

const allOnes = 0xffff_ffff;
const byteCount = 16;

/**
 * 128 bits as four unsigned 32-bit words, most significant first: `first` is words a and b, `second` is c and d.
 * Numbers, not bigints, because every frame looks one up.
 */
export class UID {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;

  constructor(a: number, b: number, c: number, d: number) {
    this.a = a >>> 0;
    this.b = b >>> 0;
    this.c = c >>> 0;
    this.d = d >>> 0;
  }

  /** Read 32 hexadecimal digits. */
  static parse(text: string): UID {
    if (!/^[0-9a-f]{32}$/i.test(text))
      throw new TypeError(`"${text}" is no UID: 32 hexadecimal digits are`);
    const word = (index: number): number =>
      parseInt(text.slice(index * 8, index * 8 + 8), 16);
    return new UID(word(0), word(1), word(2), word(3));
  }

  /** Read what `toBytes` wrote; `undefined` for anything but 16 bytes. */
  static fromBytes(bytes: Uint8Array): UID | undefined {
    if (bytes.length !== byteCount) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, byteCount);
    const word = (index: number): number => view.getUint32(index * 4);
    return new UID(word(0), word(1), word(2), word(3));
  }

  /** The identity of a slot in the small table that every process has. */
  static wellKnown(slot: number): UID {
    return new UID(allOnes, allOnes, 0, slot);
  }

  /** A fresh identity. Never one that could be mistaken for a well-known one. */
  static random(random: RandomProvider): UID {
    return new UID(
      random.uint32() & 0x7fff_ffff,
      random.uint32(),
      random.uint32(),
      random.uint32(),
    );
  }

  get first(): bigint {
    return (BigInt(this.a) << 32n) | BigInt(this.b);
  }

  get second(): bigint {
    return (BigInt(this.c) << 32n) | BigInt(this.d);
  }

  get isWellKnown(): boolean {
    return this.a === allOnes && this.b === allOnes;
  }

  /** The zero UID addresses nobody. */
  get isValid(): boolean {
    return (this.a | this.b | this.c | this.d) !== 0;
  }

  /** The identity of a part: `id << 32` is added to `first`, `id` to the low half of `second`, both wrapping. */
  adjusted(id: number): UID {
    return new UID(this.a + id, this.b, this.c, this.d + id);
  }

  equals(other: UID): boolean {
    return (
      this.a === other.a &&
      this.b === other.b &&
      this.c === other.c &&
      this.d === other.d
    );
  }

  /** 16 bytes, most significant first: the order of the digits of `toString`. For messages; frames have their own. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(byteCount);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.a);
    view.setUint32(4, this.b);
    view.setUint32(8, this.c);
    view.setUint32(12, this.d);
    return bytes;
  }

  /** 32 hexadecimal digits, lower case. */
  toString(): string {
    return [this.a, this.b, this.c, this.d]
      .map((word) => word.toString(16).padStart(8, "0"))
      .join("");
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The identity of a method: that of its service, adjusted by the method's id. */
export function methodUid(service: UID, methodId: number): UID {
  return service.adjusted(methodId);
}
