/** The transport by itself, against a socket by itself. */
import { ratiosAtLeast, type Row } from "../row.ts";
import { contest } from "../sides/contest.ts";

/** Raw bytes and no codec, 64 bytes each way, 64 requests in flight. */
export const transportEcho64BytesC64: Row = {
  id: "transport.echo.64B.c64",
  what: "request and reply of raw bytes over loopback TCP between two processes, 64 bytes each way, 64 in flight",
  unit: "calls/s",
  target: ratiosAtLeast({ "bare-socket": 0.75 }, "≥ 0.75 of a bare socket"),
  async run() {
    const shape = { inFlight: 64, payloadSize: 64 };
    const sides = ["transport", "bare-socket"] as const;
    const rates = await contest(sides, shape);
    return {
      value: rates.transport,
      against: { "bare-socket": rates["bare-socket"] },
    };
  },
};
