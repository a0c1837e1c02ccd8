/** What honest peers notice of one that attacks the server that they talk to. */
import { medians } from "../rounds.ts";
import { atLeast, type Row } from "../row.ts";
import { startAttacker } from "../sides/attack-control.ts";
import { startSide } from "../sides/side.ts";

const load = { inFlight: 64, payloadSize: 64 };
const warmUpMs = 1_500;
const roundMs = 2_000;

/** The attacker goes through all of its attacks, again and again, as fast as it is shown out. */
export const rpcHostile: Row = {
  id: "rpc.hostile",
  what: "calls of 8 honest peers, 64 in flight, while one peer attacks their server, against the same without",
  unit: "×",
  target: atLeast(0.8, "≥ 0.8"),
  async run() {
    using side = await startSide("honest-peers");
    using attacker = await startAttacker(side.port);
    await side.measure({ ...load, durationMs: warmUpMs });
    const rates = await medians({
      alone: () => side.measure({ ...load, durationMs: roundMs }),
      async attacked() {
        attacker.begin();
        const rate = await side.measure({ ...load, durationMs: roundMs });
        await attacker.end();
        return rate;
      },
    });
    return {
      value: rates.attacked / rates.alone,
      against: {},
      note: `${Math.round(rates.alone)} calls/s without, ${Math.round(rates.attacked)} under ${attacker.count} attacks`,
    };
  },
};
