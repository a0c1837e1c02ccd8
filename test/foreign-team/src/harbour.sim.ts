/** `npm run simulate`: ships come while the network breaks, and no two may get the same berth. */
import {
  createClient,
  declaredError,
  endpointRef,
  isRpcError,
  NetTransport,
  serve,
} from "wavetank";
import {
  assertAlways,
  assertSometimes,
  type SimContext,
  SimulationBuilder,
  type Workload,
} from "wavetank/sim";

import {
  HarbourServiceRpc,
  ShipServiceRpc,
} from "./gen/harbour/v1/harbour_rpc.js";
import { port, startHarbour } from "./harbour.js";

/** Ten ships, one after the other, and one that is too long. */
class Ships implements Workload {
  readonly name = "ships";
  readonly #berths: number[] = [];

  async run(ctx: SimContext) {
    const transport = await NetTransport.listen(ctx.providers, ctx.address(1));
    const [address = ""] = ctx.topology.addresses("harbour", port);
    const harbour = createClient(HarbourServiceRpc, transport, address);
    let guided = 0;
    const ship = serve(
      transport,
      ShipServiceRpc,
      { guide: () => void (guided += 1) },
      { token: transport.newToken() },
    );
    const bridge = endpointRef(ShipServiceRpc, ship.endpoint);
    for (let count = 0; count < 10; count += 1) {
      const request = { ship: ctx.name, metres: 90, bridge };
      const { berth } = await harbour.dock(request);
      this.#berths.push(berth);
    }
    assertSometimes(guided > 0, "a ship is told of its berth");
    try {
      await harbour.dock({ metres: 500 });
    } catch (error) {
      const declared = declaredError(error, harbour.dock);
      const isTooLong = declared?.$typeName === "harbour.v1.TooLong";
      assertSometimes(isTooLong, "a ship is too long");
    }
    try {
      for await (const { berths } of harbour.watch({}))
        assertSometimes(berths.length > 0, "a ship sees who is there");
    } catch (error) {
      // A stream ends with its connection.
      if (!isRpcError(error)) throw error;
    }
    await transport.close();
  }

  async check() {
    const distinct = new Set(this.#berths).size;
    assertAlways(distinct === this.#berths.length, "a berth is given once", {
      berths: this.#berths,
    });
    // Berths are given in order, and twenty ships came.
    const largest = Math.max(...this.#berths);
    assertAlways(largest <= 20, "no ship is given two berths", { largest });
  }
}

export default new SimulationBuilder("harbour")
  .processes("harbour", {}, (ctx) =>
    startHarbour(ctx.providers, ctx.address(port)),
  )
  .workload(() => new Ships())
  .workload(() => new Ships())
  .chaos({ network: "swarm" })
  .phases({ chaosMs: 20_000, recoveryMs: 60_000 })
  .requireSometimes();
