/** How values are spelled in generated code. */
import type { UID } from "../../core/index.ts";

/** `0x0da00b60` */
export function hexadecimal(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}

/** What goes between the parentheses of `new UID(…)`: four words, nothing to parse at run time. */
export function uidWords({ a, b, c, d }: UID): string {
  return [a, b, c, d].map(hexadecimal).join(", ");
}
