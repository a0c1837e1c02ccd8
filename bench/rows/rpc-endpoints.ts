/** What it costs a call that the server has many endpoints. */
import type { Row } from "../row.ts";
import { contest } from "../sides/contest.ts";

/** All of the many are called in turn, so that finding none of them is a habit of the processor. */
export const rpcEndpoints: Row = {
  id: "rpc.endpoints",
  what: "cost of a call with 10,000 registered endpoints against one, 64 in flight",
  unit: "×",
  target: { text: "≤ 1.1×", isMet: ({ value }) => value <= 1.1 },
  async run() {
    const shape = { inFlight: 64, payloadSize: 64 };
    const sides = ["one-endpoint", "many-endpoints"] as const;
    const rates = await contest(sides, shape);
    return {
      value: rates["one-endpoint"] / rates["many-endpoints"],
      against: {},
      note: `${Math.round(rates["one-endpoint"])} calls/s with one, ${Math.round(rates["many-endpoints"])} with 10,000`,
    };
  },
};
