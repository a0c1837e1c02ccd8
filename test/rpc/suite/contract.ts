/** The service of the suite, as the plugin would write it, and what its requests say. */
import {
  BankService,
  UnknownAccountSchema,
} from "../../../gen/bank/v1/bank_pb.ts";
import { UID } from "../../../src/core/index.ts";
import type {
  BidiStreamingHandler,
  BidiStreamingMethod,
  ClientStreamingHandler,
  ClientStreamingMethod,
  ServerStreamingHandler,
  ServerStreamingMethod,
  ServiceSpec,
  UnaryHandler,
  UnaryMethod,
} from "../../../src/rpc/index.ts";
import { type Answer, type Ask, methodsOf } from "../method-specs.ts";

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
const method = methodsOf(uid);
const declares = { errors: [UnknownAccountSchema] };

export const SuiteRpc: ServiceSpec<SuiteClient, SuiteHandler> = {
  name: "test.v1.Suite",
  descriptor: BankService,
  uid,
  methods: {
    once: method("Once", 1, {
      ...declares,
      delivery: "at_least_once",
      dedupe: true,
    }),
    wait: method("Wait", 2, declares),
    play: method("Play", 3, { ...declares, kind: "server_streaming" }),
    record: method("Record", 4, { ...declares, kind: "client_streaming" }),
    dub: method("Dub", 5, { ...declares, kind: "bidi_streaming" }),
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
