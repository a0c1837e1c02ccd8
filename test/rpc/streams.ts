/** A service with streams of every kind, as the plugin would write it, and a world to call it in. */
import { BankService } from "../../gen/bank/v1/bank_pb.ts";
import { UID } from "../../src/core/index.ts";
import {
  type BidiStreamingHandler,
  type BidiStreamingMethod,
  type ClientOptions,
  type ClientStreamingHandler,
  type ClientStreamingMethod,
  createClient,
  type HandlerContext,
  isRpcError,
  serve,
  type ServeOptions,
  type ServerHandle,
  type ServerStreamingHandler,
  type ServerStreamingMethod,
  type ServiceSpec,
  type UnaryHandler,
  type UnaryMethod,
} from "../../src/rpc/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { type Answer, type Ask, methodsOf } from "./method-specs.ts";

export interface TapesClient {
  readonly look: UnaryMethod<Ask, Answer>;
  readonly play: ServerStreamingMethod<Ask, Answer>;
  readonly record: ClientStreamingMethod<Ask, Answer>;
  readonly dub: BidiStreamingMethod<Ask, Answer>;
}

export interface TapesHandler {
  readonly look: UnaryHandler<Ask, Answer>;
  readonly play: ServerStreamingHandler<Ask, Answer>;
  readonly record: ClientStreamingHandler<Ask, Answer>;
  readonly dub: BidiStreamingHandler<Ask, Answer>;
}

const uid = new UID(0x22222222, 2, 3, 4);
const method = methodsOf(uid);

export const TapesRpc: ServiceSpec<TapesClient, TapesHandler> = {
  name: "test.v1.Tapes",
  descriptor: BankService,
  uid,
  methods: {
    look: method("Look", 1),
    play: method("Play", 2, { kind: "server_streaming" }),
    record: method("Record", 3, { kind: "client_streaming" }),
    dub: method("Dub", 4, { kind: "bidi_streaming" }),
  },
};

/** Numbers from 0 on; as many as asked for, or without end. */
export async function* count(
  endless?: number,
): AsyncGenerator<{ cents: bigint }> {
  for (let next = 0; next < (endless ?? Infinity); next += 1)
    yield { cents: BigInt(next) };
}

/** Plays as many numbers as the account's name says, records the length of all names, and dubs each. */
export const tapes: TapesHandler = {
  look: ({ account }) => ({ cents: BigInt(account.length) }),
  play: ({ account }) => count(Number(account)),
  record: async (requests) => {
    let length = 0;
    for await (const { account } of requests) length += account.length;
    return { cents: BigInt(length) };
  },
  async *dub(requests) {
    for await (const { account } of requests)
      yield { cents: BigInt(account.length) };
  },
};

export interface Studio {
  readonly world: SimWorld;
  readonly server: NetTransport;
  readonly client: NetTransport;
  readonly handle: ServerHandle;
  readonly tapes: TapesClient;
  sleep(ms: number): Promise<void>;
}

export interface StudioOptions {
  readonly handler?: Partial<TapesHandler>;
  readonly serve?: ServeOptions;
  readonly client?: ClientOptions;
}

export const address = "10.0.1.1:4500";

/** Run a test in a world where the service is served. At its end nothing may be left of any call. */
export async function inStudio(
  options: StudioOptions,
  main: (studio: Studio) => Promise<void>,
): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const server = await NetTransport.listen(
      world.providers("10.0.1.1"),
      address,
    );
    const handler = { ...tapes, ...options.handler };
    const handle = serve(server, TapesRpc, handler, options.serve);
    const client = NetTransport.client(world.providers("10.0.1.2"));
    await main({
      ...{ world, server, client, handle },
      tapes: createClient(TapesRpc, client, address, options.client),
      sleep: (ms) => world.time.sleep(ms),
    });
    await world.time.sleep(1_000);
    leavesNothing(handle, client, server);
    await client.close();
    await server.close();
  });
}

function leavesNothing(
  handle: ServerHandle,
  ...transports: NetTransport[]
): void {
  const left = transports.map((transport) => {
    const { callCount, deadlineCount, owedCount, violations } =
      transport.metrics();
    return { callCount, deadlineCount, owedCount, violations };
  });
  const found = JSON.stringify([handle.runningCount, ...left]);
  const nothing = {
    ...{ callCount: 0, deadlineCount: 0, owedCount: 0, violations: 0 },
  };
  if (found !== JSON.stringify([0, nothing, nothing]))
    throw new Error(`something is left: ${found}`);
}

/** All that a stream brings, and how it ends. */
export async function drain(
  stream: AsyncIterable<{ cents: bigint }>,
): Promise<{ readonly got: number[]; readonly end: string }> {
  const got: number[] = [];
  try {
    for await (const { cents } of stream) got.push(Number(cents));
    return { got, end: "complete" };
  } catch (error) {
    return { got, end: endOf(error) };
  }
}

/** The code and the delivery of an error. */
export function endOf(error: unknown): string {
  if (!isRpcError(error)) throw error;
  return `${error.code} ${error.delivery}`;
}

/** What a call comes to: the number that it brings, or how it failed. */
export function outcomeOf(call: Promise<{ cents: bigint }>): Promise<string> {
  return call.then(({ cents }) => String(cents), endOf);
}

/** Names of these lengths. */
export async function* names(
  ...lengths: number[]
): AsyncGenerator<{ account: string }> {
  for (const length of lengths) yield { account: "a".repeat(length) };
}

/** Notes when a handler's signal fires, and why. */
export function watchSignal(
  context: HandlerContext,
  seen: string[],
  world: SimWorld,
): void {
  context.signal.addEventListener("abort", () => {
    const { code } = context.signal.reason as { code: string };
    seen.push(`${code} at ${Math.round(world.nowMs)}`);
  });
}

/** The numbers below. */
export function below(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index);
}
