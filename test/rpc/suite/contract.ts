/** The service of the suite, as the plugin would write it, and what its requests say. */
import {
  BankService,
  GetBalanceRequestSchema,
  GetBalanceResponseSchema,
  UnknownAccountSchema,
} from "../../../gen/bank/v1/bank_pb.ts";
import { UID } from "../../../src/core/index.ts";
import type {
  BidiStreamingHandler,
  BidiStreamingMethod,
  ClientStreamingHandler,
  ClientStreamingMethod,
  MethodSpec,
  ServerStreamingHandler,
  ServerStreamingMethod,
  ServiceSpec,
  UnaryHandler,
  UnaryMethod,
} from "../../../src/rpc/index.ts";

type Ask = typeof GetBalanceRequestSchema;
type Answer = typeof GetBalanceResponseSchema;
type Declared = typeof UnknownAccountSchema;

export interface SuiteClient {
  /** Runs once in each life of a server, however often it arrives. */
  readonly once: UnaryMethod<Ask, Answer, Declared>;
  /** Answers after a pause, and stops pausing when it is cancelled. */
  readonly wait: UnaryMethod<Ask, Answer, Declared>;
  /** As many numbers as the order says. */
  readonly play: ServerStreamingMethod<Ask, Answer, Declared>;
  /** How many requests came. */
  readonly record: ClientStreamingMethod<Ask, Answer, Declared>;
  /** A number for each request. */
  readonly dub: BidiStreamingMethod<Ask, Answer, Declared>;
  /** How many calls are running, this one excluded. */
  readonly running: UnaryMethod<Ask, Answer>;
}

export interface SuiteHandler {
  readonly once: UnaryHandler<Ask, Answer>;
  readonly wait: UnaryHandler<Ask, Answer>;
  readonly play: ServerStreamingHandler<Ask, Answer>;
  readonly record: ClientStreamingHandler<Ask, Answer>;
  readonly dub: BidiStreamingHandler<Ask, Answer>;
  readonly running: UnaryHandler<Ask, Answer>;
}

const uid = new UID(0x33333333, 2, 3, 4);
const method = (
  name: string,
  id: number,
  rest: Partial<MethodSpec>,
): MethodSpec => ({
  name,
  id,
  uid: uid.adjusted(id),
  kind: "unary",
  delivery: "at_most_once",
  input: GetBalanceRequestSchema,
  output: GetBalanceResponseSchema,
  errors: [UnknownAccountSchema],
  ...rest,
});

export const SuiteRpc: ServiceSpec<SuiteClient, SuiteHandler> = {
  name: "test.v1.Suite",
  descriptor: BankService,
  uid,
  methods: {
    once: method("Once", 1, { delivery: "at_least_once", dedupe: true }),
    wait: method("Wait", 2, {}),
    play: method("Play", 3, { kind: "server_streaming" }),
    record: method("Record", 4, { kind: "client_streaming" }),
    dub: method("Dub", 5, { kind: "bidi_streaming" }),
    running: method("Running", 6, { delivery: "at_least_once" }),
  },
};

export const suitePort = 4500;

/** What a call asks for. */
export interface Order {
  /** No other call has it. */
  readonly id: number;
  /** How many items there are, or how long to wait. */
  readonly count: number;
  /** After how many items the handler fails or answers; -1 for never. */
  readonly stopAt: number;
}

/** An order as the one field that the contract has, with padding behind it. */
export function write(order: Order, padding = 0): { account: string } {
  const { id, count, stopAt } = order;
  return { account: `${id} ${count} ${stopAt} ${"x".repeat(padding)}` };
}

export function read({ account }: { readonly account: string }): Order {
  const [id = 0, count = 0, stopAt = 0] = account.split(" ").map(Number);
  return { id, count, stopAt };
}
