/** How the value of a plain field looks, in memory and on the wire. */
export const Form: {
  readonly bytes: 0;
  readonly string: 1;
  readonly bool: 2;
  readonly int32: 3;
  readonly uint32: 4;
  /** A `bigint`, with a sign or without. */
  readonly int64: 5;
  readonly message: 6;
  readonly double: 7;
} = Object.freeze({
  bytes: 0,
  string: 1,
  bool: 2,
  int32: 3,
  uint32: 4,
  int64: 5,
  message: 6,
  double: 7,
});
export type Form = (typeof Form)[keyof typeof Form];
