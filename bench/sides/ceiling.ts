/** The ceiling: bare frames with our codec. */
import {
  EchoRequestSchema,
  EchoResponseSchema,
} from "../../gen/bench/v1/bench_pb.ts";
import { protobufCodec as codec } from "../../src/rpc/index.ts";
import { bareSide } from "./bare-side.ts";
import { playSide } from "./side.ts";

await playSide(
  bareSide({
    requestHeadSize: 24,
    responseHeadSize: 24,
    encodeRequest: (payload) => codec.encode(EchoRequestSchema, { payload }),
    answer(request) {
      const { payload } = codec.decode(EchoRequestSchema, request);
      return codec.encode(EchoResponseSchema, { payload });
    },
    decodeResponse: (response) =>
      codec.decode(EchoResponseSchema, response).payload,
  }),
);
