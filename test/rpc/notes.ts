/** A service for tests, as the plugin would write it, over messages of the bank's contract; and a world to call it in. */
import {
  BankService,
  InsufficientFundsSchema,
} from "../../gen/bank/v1/bank_pb.ts";
import { UID } from "../../src/core/index.ts";
import {
  type ClientOptions,
  createClient,
  type MethodSpec,
  type OneWayHandler,
  type OneWayMethod,
  serve,
  type ServeOptions,
  type ServerHandle,
  type ServiceSpec,
  type UnaryHandler,
  type UnaryMethod,
} from "../../src/rpc/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { type Answer, type Ask, methodsOf } from "./method-specs.ts";

export interface NotesClient {
  /** At most once. */
  readonly write: UnaryMethod<Ask, Answer>;
  /** At least once, and half a second at most. */
  readonly read: UnaryMethod<Ask, Answer>;
  /** One way. */
  readonly hint: OneWayMethod<Ask>;
}

export interface NotesHandler {
  readonly write: UnaryHandler<Ask, Answer>;
  readonly read: UnaryHandler<Ask, Answer>;
  readonly hint: OneWayHandler<Ask>;
}

const uid = new UID(0x11111111, 2, 3, 4);
const method = methodsOf(uid);

export const NotesRpc: ServiceSpec<NotesClient, NotesHandler> = {
  name: "test.v1.Notes",
  descriptor: BankService,
  uid,
  methods: {
    write: method("Write", 1, { errors: [InsufficientFundsSchema] }),
    read: method("Read", 2, { delivery: "at_least_once", timeoutMs: 500 }),
    hint: method("Hint", 3, { delivery: "one_way" }),
  },
};

/** The contract with something more said of one method. */
export function specWith(
  key: "write" | "read",
  rest: Partial<MethodSpec>,
): typeof NotesRpc {
  const changed = { ...(NotesRpc.methods[key] as MethodSpec), ...rest };
  return { ...NotesRpc, methods: { ...NotesRpc.methods, [key]: changed } };
}

export const serverIp = "10.0.1.1";
export const clientIp = "10.0.1.2";
export const address: string = `${serverIp}:4500`;

export interface Desk {
  readonly world: SimWorld;
  readonly server: NetTransport;
  readonly client: NetTransport;
  readonly handle: ServerHandle;
  readonly notes: NotesClient;
  sleep(ms: number): Promise<void>;
}

/** Answers with the length of the account's name, and does nothing else. */
export const plainHandler: NotesHandler = {
  write: ({ account }) => ({ cents: BigInt(account.length) }),
  read: ({ account }) => Promise.resolve({ cents: BigInt(account.length) }),
  hint: () => undefined,
};

export interface DeskOptions {
  readonly handler?: Partial<NotesHandler>;
  /** Default `NotesRpc`. */
  readonly spec?: typeof NotesRpc;
  readonly serve?: ServeOptions;
  readonly client?: ClientOptions;
  readonly traceRecentMax?: number;
}

/** Run a test in a world where the service is served, and a client has its address. */
export async function atDesk(
  options: DeskOptions,
  main: (desk: Desk) => Promise<void>,
): Promise<SimWorld> {
  const world = new SimWorld({
    seed: 1,
    traceRecentMax: options.traceRecentMax ?? 0,
  });
  await world.run(async () => {
    const server = await NetTransport.listen(
      world.providers(serverIp),
      address,
    );
    const spec = options.spec ?? NotesRpc;
    const handle = serve(
      server,
      spec,
      { ...plainHandler, ...options.handler },
      options.serve,
    );
    const client = NetTransport.client(world.providers(clientIp));
    const notes = createClient(spec, client, address, options.client);
    await main({
      world,
      server,
      client,
      handle,
      notes,
      sleep: (ms) => world.time.sleep(ms),
    });
    await client.close();
    await server.close();
  });
  return world;
}
