/** Which numbers a field takes, and how they are written. */
import { Form } from "./form.ts";
import type { PlainField } from "./shape.ts";
import type { Slab } from "./slab.ts";

/** Write it, unless it is a zero that is left out. False when the field may not take it. */
export function putNumber(
  slab: Slab,
  field: PlainField,
  value: unknown,
): boolean {
  if (typeof value === "number") return putPlain(slab, field, value);
  if (typeof value === "bigint") return putBig(slab, field, value);
  return false;
}

function putPlain(
  slab: Slab,
  { form, isImplicit, tag }: PlainField,
  value: number,
): boolean {
  switch (form) {
    case Form.int32:
      if ((value | 0) !== value) return false;
      if (value < 0) slab.long(tag, value, -1);
      else if (value !== 0 || !isImplicit) slab.number(tag, value);
      return true;
    case Form.uint32:
      if (value >>> 0 !== value) return false;
      if (value !== 0 || !isImplicit) slab.number(tag, value);
      return true;
    case Form.sint32:
      if ((value | 0) !== value) return false;
      if (value !== 0 || !isImplicit)
        slab.number(tag, ((value << 1) ^ (value >> 31)) >>> 0);
      return true;
    case Form.double:
      if (!Object.is(value, 0) || !isImplicit) slab.double(tag, value);
      return true;
    case Form.float:
      if (Number.isFinite(value) && Math.abs(value) > floatMax) return false;
      if (!Object.is(value, 0) || !isImplicit) slab.float(tag, value);
      return true;
    case Form.fixed32:
    case Form.sfixed32:
      if ((form === Form.fixed32 ? value >>> 0 : value | 0) !== value)
        return false;
      if (value !== 0 || !isImplicit) slab.fixed32(tag, value);
      return true;
    default:
      return false;
  }
}

function putBig(
  slab: Slab,
  { form, isImplicit, tag }: PlainField,
  value: bigint,
): boolean {
  if (!isLong(form) || !isOf64Bits(form, value)) return false;
  if (isImplicit && value === 0n) return true;
  if (form >= Form.fixed64) slab.fixed64(tag, value);
  else if (form !== Form.sint64) putVarint(slab, tag, value);
  else putVarint(slab, tag, BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  return true;
}

/** Whether it is the form of a `bigint`. */
function isLong(form: Form): boolean {
  return form >= Form.fixed64 || (form >= Form.int64 && form <= Form.sint64);
}

function isOf64Bits(form: Form, value: bigint): boolean {
  // Most are small, which can be told for less.
  if (isSmall(value)) return true;
  return form === Form.uint64 || form === Form.fixed64
    ? BigInt.asUintN(64, value) === value
    : BigInt.asIntN(64, value) === value;
}

function putVarint(slab: Slab, tag: number, value: bigint): void {
  if (isSmall(value)) return slab.number(tag, Number(value));
  // By way of memory, as operations on `bigint`s take more time.
  scratch.setBigInt64(0, value, true);
  slab.long(tag, scratch.getInt32(0, true), scratch.getInt32(4, true));
}

function isSmall(value: bigint): boolean {
  return value >= 0n && value <= safeMax;
}

const scratch = new DataView(new ArrayBuffer(8));
const safeMax = BigInt(Number.MAX_SAFE_INTEGER);
/** The largest number that a float holds. */
const floatMax = 3.4028234663852886e38;
