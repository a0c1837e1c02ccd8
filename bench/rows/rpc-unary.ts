/** Unary calls over loopback TCP between two processes, against the peers and the ceiling. */
import { ratiosAtLeast, type Row } from "../row.ts";
import { contest } from "../sides/contest.ts";

const text = "≥ 10× grpc-js; ≥ 0.70 of the ceiling";

/** 64 bytes each way, 64 calls in flight. */
export const rpcUnary64BytesC64: Row = {
  id: "rpc.unary.64B.c64",
  what: "unary calls over loopback TCP between two processes, 64 bytes each way, 64 in flight",
  unit: "calls/s",
  target: ratiosAtLeast({ "grpc-js": 10, ceiling: 0.7 }, text),
  async run() {
    const shape = { inFlight: 64, payloadSize: 64 };
    const sides = ["wavetank", "grpc-js", "ceiling"] as const;
    const { wavetank, ...against } = await contest(sides, shape);
    return { value: wavetank, against };
  },
};
