/** How the value of a plain field looks, in memory and on the wire. Those from `float` on have a fixed size. */
export const Form: {
  readonly bytes: 0;
  readonly string: 1;
  readonly message: 2;
  readonly bool: 3;
  readonly int32: 4;
  readonly uint32: 5;
  readonly sint32: 6;
  /** From here on to `sint64`: a `bigint`. */
  readonly int64: 7;
  readonly uint64: 8;
  readonly sint64: 9;
  readonly float: 10;
  readonly fixed32: 11;
  readonly sfixed32: 12;
  /** From here on: eight bytes. */
  readonly double: 13;
  /** A `bigint`, as the next one. */
  readonly fixed64: 14;
  readonly sfixed64: 15;
} = Object.freeze({
  bytes: 0,
  string: 1,
  message: 2,
  bool: 3,
  int32: 4,
  uint32: 5,
  sint32: 6,
  int64: 7,
  uint64: 8,
  sint64: 9,
  float: 10,
  fixed32: 11,
  sfixed32: 12,
  double: 13,
  fixed64: 14,
  sfixed64: 15,
});
export type Form = (typeof Form)[keyof typeof Form];
