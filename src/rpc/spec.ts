/** What generated code says about a service. Data only: all behaviour lives in this package, none in `gen/`. */
import type { DescMessage, DescService } from "@bufbuild/protobuf";

import type { UID } from "../core/index.ts";
import type { Delivery } from "../transport/index.ts";

/** Whether one message goes each way, or a stream of them. */
export type MethodKind =
  "unary" | "server_streaming" | "client_streaming" | "bidi_streaming";

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
