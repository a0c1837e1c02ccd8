/** What generated code says about a service. Data only: all behaviour lives in this package, none in `gen/`. */
import type {
  DescMessage,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";

import type { UID } from "../core/index.ts";
import type { Delivery } from "../transport/index.ts";
import type { CallOptions, HandlerContext } from "./call-options.ts";

export type MethodKind = "unary";

export type { Delivery } from "../transport/index.ts";

/** One method of a service. */
export interface MethodSpec<
  I extends DescMessage = DescMessage,
  O extends DescMessage = DescMessage,
> {
  /** As the contract spells it: `GetBalance`. */
  readonly name: string;
  /** The first 32 bits of the SHA-256 of the name. */
  readonly id: number;
  /** The service's UID adjusted by `id`: the token that the method listens at. */
  readonly uid: UID;
  readonly kind: MethodKind;
  readonly delivery: Delivery;
  /** How long a call may take, in milliseconds; without it the client's default counts. */
  readonly timeoutMs?: number;
  readonly input: I;
  readonly output: O;
  /** The messages that the method is declared to fail with. */
  readonly errors: readonly DescMessage[];
  /** The server keeps a reply and repeats it when the same call arrives again. */
  readonly dedupe?: boolean;
  /** How many calls a server runs at once; without it there is no limit of its own. */
  readonly concurrency?: number;
  /** Whether peers outside the cluster may call it when a policy is set. */
  readonly public?: boolean;
}

/** One service: its identity, its methods by local name, and the types of its client and its handler. */
export interface ServiceSpec<Client = unknown, Handler = unknown> {
  /** The full name: `bank.v1.BankService`. */
  readonly name: string;
  readonly descriptor: DescService;
  /** Derived from the name; the token that the service listens at. */
  readonly uid: UID;
  /** The slot of the small table that the service asked for, if any. */
  readonly wellKnown?: number;
  readonly methods: Readonly<Record<string, MethodSpec>>;
  /** Never present: carries the two types from here to `createClient` and `serve`. */
  readonly types?: { readonly client: Client; readonly handler: Handler };
}

/** A unary method as a client sees it: call it, or say how hard to try. */
export interface UnaryMethod<I extends DescMessage, O extends DescMessage> {
  // Calls with the delivery that the contract chose. No doc comment, so that editors show the one of the contract.
  (
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /** Send it once and do not wait for an answer: it may be lost without a trace. */
  send(request: MessageInitShape<I>): void;
  /** Send it at most once. A broken connection rejects with `delivery: "maybe"`. */
  tryGetReply(
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /** Send it at least once: again over every new connection, until an answer, the deadline or the signal. */
  getReply(
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /**
   * Send it at least once, but give up when the server has been unreachable for `failedForMs` milliseconds without a
   * break.
   */
  getReplyUnlessFailedFor(
    request: MessageInitShape<I>,
    options: CallOptions & { failedForMs: number },
  ): Promise<MessageShape<O>>;
}

/** A one-way method as a client sees it: nothing is answered, so nothing is awaited. */
export type OneWayMethod<I extends DescMessage> = (
  request: MessageInitShape<I>,
) => void;

/** A unary method as a server writes it. A plain object will do as response. */
export type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  context: HandlerContext,
) => MessageInitShape<O> | Promise<MessageInitShape<O>>;

/** A one-way method as a server writes it. */
export type OneWayHandler<I extends DescMessage> = (
  request: MessageShape<I>,
  context: HandlerContext,
) => void | Promise<void>;
