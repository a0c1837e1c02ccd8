/** Values that no option can have: each is refused at once, by name, with what to write instead. */
import test from "ava";

import { nodeProviders } from "../../src/node/index.ts";
import {
  type CallOptions,
  type ClientInterceptor,
  type ClientOptions,
  createBalancedClient,
  createClient,
  EndpointPool,
  fanOut,
  serve,
} from "../../src/rpc/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { NotesRpc, plainHandler } from "./notes.ts";

type Use = (transport: NetTransport) => unknown;

const to = "127.0.0.1:1";
const pass = (): Promise<unknown> => Promise.resolve();
/** What programs without types, and casts, may give. */
const any = (value: unknown): never => value as never;

const served =
  (options: object): Use =>
  (transport) =>
    serve(transport, NotesRpc, plainHandler, any(options));
const client =
  (options: unknown): Use =>
  (transport) =>
    createClient(NotesRpc, transport, to, any(options));
const clientOf =
  (address: unknown): Use =>
  (transport) =>
    createClient(NotesRpc, transport, any(address));
const balanced =
  (options: object, servers: unknown = [to]): Use =>
  (transport) =>
    createBalancedClient(NotesRpc, transport, any(servers), any(options));
const called =
  (options: object, clientOptions: ClientOptions = {}): Use =>
  (transport) =>
    createClient(NotesRpc, transport, to, clientOptions).write(
      {},
      any(options) as CallOptions,
    );

const refused: readonly [what: string, use: Use, message: RegExp][] = [
  [
    "interceptors of a server that are no array",
    served({ interceptors: pass }),
    /^interceptors must be an array, not a function: write \[interceptor\]$/,
  ],
  [
    "an interceptor of a server that is no function",
    served({ interceptors: [pass, {}] }),
    /^interceptors\[1\] must be a function, not an object$/,
  ],
  [
    "a hole among the interceptors of a server",
    served({ interceptors: [undefined] }),
    /^interceptors\[0\] must be a function, not undefined$/,
  ],
  [
    "an isInside that is no function",
    served({ isInside: true }),
    /^isInside must be a function, not true$/,
  ],
  [
    "an onError that is no function",
    served({ onError: console }),
    /^onError must be a function, not an object$/,
  ],
  [
    "options of a server that are none",
    served(any(null)),
    /^the options of serve must be an object, not null: it has interceptors, /,
  ],
  [
    "no handler",
    (transport) => serve(transport, NotesRpc, any(undefined)),
    /^the handler of test\.v1\.Notes must be an object with its methods, not undefined$/,
  ],
  [
    "interceptors of a client that are no array",
    client({ interceptors: pass }),
    /^interceptors must be an array, not a function/,
  ],
  [
    "a client's timeoutMs that is a text",
    client({ timeoutMs: "5" }),
    /^timeoutMs must be a number of milliseconds above 0, not "5"$/,
  ],
  [
    "options of a client that are a number",
    client(7),
    /^the options of a client must be an object, not 7: it has timeoutMs, /,
  ],
  [
    "no address of a client",
    clientOf(undefined),
    /^an address must be a text such as "10\.0\.0\.1:4500" or "bank:4500", .* not undefined$/,
  ],
  ["a port as a client's address", clientOf(4700), /, not 4700$/],
  [
    "an object as a client's address",
    clientOf({ port: 1 }),
    /, not an object$/,
  ],
  [
    "a call's timeoutMs that is a text",
    called({ timeoutMs: "5" }),
    /^timeoutMs must be .* above 0, not "5"$/,
  ],
  [
    "a call's failedForMs that is a text",
    called({ failedForMs: "5" }),
    /^failedForMs must be .* above 0, not "5"$/,
  ],
  [
    "a controller in place of its signal",
    called({ signal: new AbortController() }),
    /^signal must be an AbortSignal, not an AbortController: give a controller's `signal`$/,
  ],
  [
    "a controller in place of a signal, of several servers",
    () =>
      fanOut([pass], {}, { required: 1, signal: any(new AbortController()) }),
    /^signal must be an AbortSignal, not an AbortController/,
  ],
  [
    "a misspelt option of a balanced client",
    balanced({ balancee: 1 }),
    /^a balanced client has no option "balancee": it has timeoutMs, codec, interceptors, parent, balance$/,
  ],
  [
    "a misspelt option of a balanced client without servers",
    balanced({ timeoutMS: 1 }, []),
    /^a balanced client has no option "timeoutMS"/,
  ],
  [
    "a balance that is a number",
    balanced({ balance: 7 }),
    /^the options of a balance must be an object, not 7: it has smoothingMs, /,
  ],
  [
    "a backup that is a number",
    balanced({ balance: { backup: 5 } }),
    /^the options of a backup must be an object, not 5: it has share, /,
  ],
  [
    "a level of the caller's place that is not known",
    balanced({ balance: { locality: { datacentre: "dc1" } } }),
    /^a locality has no option "datacentre": it has dataCentre, zone, machine$/,
  ],
  [
    "a level of a server's place that is not known",
    balanced({}, [{ to, locality: { datacentre: "dc1" } }]),
    /^a locality has no option "datacentre"/,
  ],
  [
    "a level of a place that is no name",
    balanced({}, [{ to, locality: { zone: 1 } }]),
    /^zone of a locality must be a name, not 1$/,
  ],
  [
    "a misspelt place of a server",
    balanced({}, [{ to, localty: {} }]),
    /^a server of a pool has no option "localty": it has to, locality$/,
  ],
  [
    "a text in place of a list of servers",
    balanced({}, to),
    /^servers must be an array of addresses, not "127\.0\.0\.1:1": write /,
  ],
  [
    "a text in place of a list of servers of a pool",
    (transport) => new EndpointPool(transport, any(to)),
    /^servers must be an array of addresses/,
  ],
  [
    "a misspelt option of a transport",
    () => NetTransport.client(nodeProviders(), any({ peeer: {} })),
    /^a transport has no option "peeer": it has peer, (?!.*\bpeer\b).*, advertisedAddress$/,
  ],
];

for (const [what, use, message] of refused)
  test(`${what}: refused at once, and told why`, async (t) => {
    await using transport = NetTransport.client(nodeProviders());
    t.throws(() => use(transport), { instanceOf: TypeError, message });
  });

test("a transport that is told no address to listen at rejects", async (t) => {
  await t.throwsAsync(NetTransport.listen(nodeProviders(), any(undefined)), {
    instanceOf: TypeError,
    message: /^an address must be a text .* not undefined$/,
  });
});

test("a call with interceptors around it rejects for what it would have thrown", async (t) => {
  await using transport = NetTransport.client(nodeProviders());
  const interceptors: ClientInterceptor[] = [(call, next) => next(call)];
  const use = called({ timeoutMs: "5" }, { interceptors });
  await t.throwsAsync(use(transport) as Promise<unknown>, {
    instanceOf: TypeError,
    message: /^timeoutMs must be .* not "5"$/,
  });
});
