/** The ceiling: bare frames with our codec. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

import {
  EchoRequestSchema,
  EchoResponseSchema,
} from "../../gen/bench/v1/bench_pb.ts";
import { bareSide } from "./bare-side.ts";
import { playSide } from "./side.ts";

await playSide(
  bareSide({
    requestHeadSize: 24,
    responseHeadSize: 24,
    encodeRequest: (payload) =>
      toBinary(EchoRequestSchema, create(EchoRequestSchema, { payload })),
    answer(request) {
      const { payload } = fromBinary(EchoRequestSchema, request);
      const response = create(EchoResponseSchema, { payload });
      return toBinary(EchoResponseSchema, response);
    },
    decodeResponse: (response) =>
      fromBinary(EchoResponseSchema, response).payload,
  }),
);
