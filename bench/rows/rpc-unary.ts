/** Unary calls over loopback TCP between two processes, against the peers and the ceiling. */
import { medians } from "../rounds.ts";
import { type Figures, ratiosAtLeast, type Row } from "../row.ts";
import { type RunningSide, startSide } from "../sides/side.ts";

const warmUpMs = 1_500;
const roundMs = 1_000;
const sides = ["wavetank", "grpc-js", "ceiling"] as const;
type SideName = (typeof sides)[number];

const text = "≥ 10× grpc-js; ≥ 0.70 of the ceiling";

/** 64 bytes each way, 64 calls in flight. */
export const rpcUnary64BytesC64: Row = {
  id: "rpc.unary.64B.c64",
  what: "unary calls over loopback TCP between two processes, 64 bytes each way, 64 in flight",
  unit: "calls/s",
  target: ratiosAtLeast({ "grpc-js": 10, ceiling: 0.7 }, text),
  run: () => measureCalls({ inFlight: 64, payloadSize: 64 }),
};

/** Start all contestants, warm all up, then let them take turns: only one is ever busy. */
async function measureCalls(shape: {
  inFlight: number;
  payloadSize: number;
}): Promise<Figures> {
  using running = await startAll();
  for (const side of Object.values(running.sides))
    await side.measure({ ...shape, durationMs: warmUpMs });
  const { wavetank, ...against } = await medians(
    Object.fromEntries(
      sides.map((name) => [
        name,
        () => running.sides[name].measure({ ...shape, durationMs: roundMs }),
      ]),
    ) as Record<SideName, () => Promise<number>>,
  );
  return { value: wavetank, against };
}

async function startAll(): Promise<
  { sides: Record<SideName, RunningSide> } & Disposable
> {
  const started: [SideName, RunningSide][] = [];
  for (const name of sides) started.push([name, await startSide(name)]);
  return {
    sides: Object.fromEntries(started) as Record<SideName, RunningSide>,
    [Symbol.dispose]() {
      for (const [, side] of started) side[Symbol.dispose]();
    },
  };
}
