/** The servers of the delivery suite: they do what is asked, at once, later, or never. */
import type { SimContext } from "../../../src/runner/index.ts";
import { buggifyWithProb } from "../../../src/assertions/index.ts";
import { UID } from "../../../src/core/index.ts";
import {
  DuplicateFilter,
  NetTransport,
  type ReplyPromise,
} from "../../../src/transport/index.ts";
import { deliveries } from "./events.ts";

export const deliveryPort = 4500;
/** Runs whatever arrives; the second sees each request once; nobody listens at the third. */
export const plainToken: UID = new UID(0xde11, 1, 0, 0);
export const filteredToken: UID = new UID(0xde11, 2, 0, 0);
export const nobodyToken: UID = new UID(0xde11, 3, 0, 0);

export async function startDeliveryServer(
  ctx: SimContext,
): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(
    ctx.providers,
    ctx.address(deliveryPort),
  );
  const life = `${ctx.ip}@${transport.incarnation}`;
  const receive = (promise: ReplyPromise): void => answer(ctx, life, promise);
  transport.register(plainToken, { receive });
  transport.register(
    filteredToken,
    new DuplicateFilter(transport, { receive }),
  );
  return transport;
}

function answer(ctx: SimContext, life: string, promise: ReplyPromise): void {
  // Broken before anything is done: nobody is in doubt about that.
  if (buggifyWithProb("suite: a promise is broken", 0.1))
    return promise[Symbol.dispose]();
  const id = readId(promise.request);
  ctx.state.timeline(deliveries).emit({ kind: "ran", id, life });
  const delayMs = ctx.random.bool() ? 0 : ctx.random.range(1, 2_000);
  if (delayMs === 0) promise.send(promise.request);
  else ctx.time.schedule(delayMs, () => promise.send(promise.request));
}

/** A request is its number, and some padding. */
export function requestOf(id: number, size: number): Uint8Array {
  const body = new Uint8Array(Math.max(4, size)).fill(id & 0xff);
  new DataView(body.buffer).setUint32(0, id);
  return body;
}

export function readId(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(0);
}
