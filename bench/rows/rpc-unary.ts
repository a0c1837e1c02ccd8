/** Unary calls over loopback TCP between two processes, against the peers and the ceiling. */
import { type Figures, ratiosAtLeast, type Row } from "../row.ts";
import { contest, type ContestShape } from "../sides/contest.ts";

/** Against both peers and the ceiling, whose own strength is looked at first. */
async function againstAll(shape: ContestShape): Promise<Figures> {
  const sides = ["wavetank", "grpc-js", "connect-node", "ceiling"] as const;
  const { wavetank, ceiling, ...peers } = await contest(sides, shape);
  if (shape.inFlight > 1 && ceiling < ceilingMin * peers["grpc-js"])
    return {
      value: wavetank,
      against: peers,
      note: `the ceiling was refused: ${Math.round(ceiling)} is below ${ceilingMin}× grpc-js, and would flatter`,
    };
  return { value: wavetank, against: { ...peers, ceiling } };
}

/** A weak ceiling flatters. */
const ceilingMin = 14;

/** Small messages, so many in flight. */
function small(inFlight: number): Row {
  return {
    id: `rpc.unary.64B.c${inFlight}`,
    what: `unary calls over loopback TCP between two processes, 64 bytes each way, ${inFlight} in flight`,
    unit: "calls/s",
    target: ratiosAtLeast(
      { "grpc-js": 10, "connect-node": 10, ceiling: 0.7 },
      "≥ 10× both peers; ≥ 0.70 of the ceiling",
    ),
    run: () => againstAll({ inFlight, payloadSize: 64 }),
  };
}

export const rpcUnary64BytesC64: Row = small(64);
export const rpcUnary64BytesC1024: Row = small(1_024);

/** One call at a time: its latency is the inverse of the rate. */
export const rpcUnary64BytesC1: Row = {
  id: "rpc.unary.64B.c1",
  what: "the same, one call at a time",
  unit: "calls/s",
  target: ratiosAtLeast(
    { ceiling: 1 / 1.5 },
    "latency ≤ 1.5× of the ceiling's",
  ),
  run: () => againstAll({ inFlight: 1, payloadSize: 64 }),
};

/** Larger messages. */
function large(name: string, payloadSize: number): Row {
  return {
    id: `rpc.unary.${name}.c64`,
    what: `unary calls with ${name} each way, 64 in flight`,
    unit: "calls/s",
    target: ratiosAtLeast(
      { "grpc-js": 5, "connect-node": 5 },
      "≥ 5× both peers",
    ),
    async run() {
      const sides = ["wavetank", "grpc-js", "connect-node"] as const;
      const { wavetank, ...against } = await contest(sides, {
        inFlight: 64,
        payloadSize,
      });
      return { value: wavetank, against };
    },
  };
}

export const rpcUnary1KibC64: Row = large("1KiB", 1_024);
export const rpcUnary64KibC64: Row = large("64KiB", 65_536);
