/** Bare frames with raw bytes and no codec, each as long as the transport's of the same payload. */
import { bareSide } from "./bare-side.ts";
import { playSide } from "./side.ts";

const same = (bytes: Uint8Array): Uint8Array => bytes;

await playSide(
  bareSide({
    requestHeadSize: 48,
    responseHeadSize: 28,
    encodeRequest: same,
    answer: same,
    decodeResponse: same,
  }),
);
