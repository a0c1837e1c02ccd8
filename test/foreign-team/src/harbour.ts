/** The harbour: as its team would write it, with nothing but the package. */
import {
  createClient,
  endpointOf,
  errorDetail,
  type HandlerContext,
  NetTransport,
  type Providers,
  RpcError,
  serve,
} from "wavetank";

import {
  type DockRequest,
  HarbourFullSchema,
  TooLongSchema,
} from "./gen/harbour/v1/harbour_pb.js";
import {
  type HarbourServiceHandler,
  HarbourServiceRpc,
  ShipServiceRpc,
} from "./gen/harbour/v1/harbour_rpc.js";

export const port = 4500;
const metresMax = 400;
const berthsMax = 60;

/** Who lies where. */
class Harbour implements HarbourServiceHandler {
  readonly #transport: NetTransport;
  readonly #ships: string[] = [];

  constructor(transport: NetTransport) {
    this.#transport = transport;
  }

  async dock({ ship, metres, bridge }: DockRequest, context: HandlerContext) {
    if (metres > metresMax)
      throw new RpcError("invalid_argument", "too long", {
        details: [errorDetail(TooLongSchema, { metresMax })],
      });
    if (this.#ships.length === berthsMax)
      throw new RpcError("resource_exhausted", "no berth is free", {
        details: [errorDetail(HarbourFullSchema, { berths: berthsMax })],
      });
    const berth = this.#ships.push(ship);
    if (bridge !== undefined && !context.signal.aborted) {
      const to = endpointOf(ShipServiceRpc, bridge);
      createClient(ShipServiceRpc, this.#transport, to).guide({ berth });
    }
    return { berth };
  }

  async *watch() {
    yield { berths: this.#ships.map((_, index) => index + 1) };
  }
}

/** Everything it does goes through `providers`. */
export async function startHarbour(
  providers: Providers,
  listen: string,
): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(providers, listen);
  const harbour = new Harbour(transport);
  return serve(transport, HarbourServiceRpc, harbour, { ownsTransport: true });
}
