/** A stream of responses over loopback TCP between two processes. */
import { ratiosAtLeast, type Row } from "../row.ts";
import { contest } from "../sides/contest.ts";

/** One stream, messages of 64 bytes, as fast as its reader takes them. */
export const rpcStream: Row = {
  id: "rpc.stream",
  what: "messages of 64 bytes in one stream of responses, between two processes",
  unit: "messages/s",
  target: ratiosAtLeast({ "grpc-js": 3 }, "≥ 3× grpc-js"),
  async run() {
    const shape = { of: "items", inFlight: 1, payloadSize: 64 } as const;
    const rates = await contest(["wavetank", "grpc-js"], shape);
    return { value: rates.wavetank, against: { "grpc-js": rates["grpc-js"] } };
  },
};
