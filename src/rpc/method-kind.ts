/** Which way a method has streams. */
import type { MethodKind } from "./spec.ts";

/** Whether the caller sends a stream. */
export function sendsStream(kind: MethodKind): boolean {
  return kind === "client_streaming" || kind === "bidi_streaming";
}

/** Whether the caller is answered with a stream. */
export function takesStream(kind: MethodKind): boolean {
  return kind === "server_streaming" || kind === "bidi_streaming";
}
