import test from "ava";

import { UnknownAccountSchema } from "../../gen/bank/v1/bank_pb.ts";
import {
  errorDetail,
  findDetail,
  isRpcError,
  lowerErrorTable,
  RpcError,
  rpcErrorCodes,
  toRpcError,
} from "../../src/rpc/index.ts";
import { decodeStatus, encodeStatus } from "../../src/rpc/status.ts";
import {
  MessagingError,
  PeerError,
  ReplyError,
  type ReplyErrorCode,
} from "../../src/transport/index.ts";
import { WireError } from "../../src/wire/index.ts";

const replyCodes = Object.keys(
  lowerErrorTable["reply"] ?? {},
) as ReplyErrorCode[];

/** What every row must say. Written down a second time, because a change of it changes what callers do. */
const expected: Record<string, string> = {
  "reply application": "unknown answered",
  "reply broken_promise": "unavailable as_known",
  "reply endpoint_not_found": "unimplemented as_known",
  "reply serialization": "invalid_argument as_known",
  "reply stopping": "unavailable as_known",
  "reply overloaded": "resource_exhausted as_known",
  "reply unauthorized": "permission_denied as_known",
  "reply reply_too_large": "resource_exhausted as_known",
  "reply maybe_delivered": "unavailable as_known",
  "reply not_sent": "unavailable as_known",
  "reply peer_failed": "unavailable as_known",
  "reply deadline_exceeded": "deadline_exceeded as_known",
  "reply cancelled": "cancelled as_known",
  "reply queue_full": "resource_exhausted as_known",
  "reply packet_too_large": "resource_exhausted as_known",
  "reply closed": "unavailable as_known",
  "peer connect_failed": "unavailable not_sent",
  "peer connect_timed_out": "unavailable not_sent",
  "peer connection_lost": "unavailable maybe",
  "peer protocol_violation": "unavailable maybe",
  "peer queue_full": "resource_exhausted not_sent",
  "peer replies_unread": "unavailable maybe",
  "peer connection_ended": "unavailable maybe",
  "peer ping_timed_out": "unavailable maybe",
  "peer idle": "unavailable maybe",
  "peer frame_timed_out": "unavailable maybe",
  "peer frame_crowded_out": "unavailable maybe",
  "peer flooding": "unavailable maybe",
  "peer closed": "unavailable maybe",
  "messaging invalid_well_known_token": "invalid_argument not_sent",
  "messaging token_in_use": "already_exists not_sent",
  "messaging missing_local_address": "invalid_argument not_sent",
  "messaging transport_closed": "unavailable not_sent",
  "wire checksum_mismatch": "data_loss maybe",
  "wire invalid_length": "unavailable maybe",
  "wire insufficient_data": "unavailable maybe",
  "wire packet_too_large": "resource_exhausted maybe",
  "wire bad_magic": "unavailable not_sent",
  "wire unsupported_version": "unavailable not_sent",
  "wire bad_handshake": "unavailable not_sent",
  "wire bad_message": "unavailable maybe",
  "codec encode_request": "invalid_argument not_sent",
  "codec decode_response": "internal answered",
};

test("the table of lower errors has these rows, and no others", (t) => {
  const rows = Object.entries(lowerErrorTable).flatMap(([layer, codes]) =>
    Object.entries(codes).map(([code, row]) => [
      `${layer} ${code}`,
      `${row.code} ${row.delivery}`,
    ]),
  );
  t.deepEqual(Object.fromEntries(rows), expected);
});

for (const code of replyCodes.filter((each) => each !== "application")) {
  for (const delivery of ["not_sent", "maybe", "answered"] as const) {
    test(`a ReplyError ${code} that was ${delivery} says so as RpcError`, (t) => {
      const lower = new ReplyError(code, "why", {
        endpoint: "10.0.1.1:1/0",
        delivery,
      } as never);
      const error = toRpcError(lower);
      t.is(error.code, lowerErrorTable["reply"]?.[code]?.code as never);
      t.is(error.delivery, delivery);
      t.is(error.cause, lower);
    });
  }
}

test("errors of every other layer become an RpcError by their row", (t) => {
  const address = "10.0.1.1:1";
  const lower = [
    new PeerError("connect_failed", "why", { address }),
    new MessagingError("token_in_use", "why", { token: "0" }),
    new WireError("checksum_mismatch", "why", { expected: 1, actual: 2 }),
  ];
  t.deepEqual(
    lower
      .map((error) => toRpcError(error))
      .map(({ code, delivery }) => `${code} ${delivery}`),
    ["unavailable not_sent", "already_exists not_sent", "data_loss maybe"],
  );
});

test("what no layer knows becomes internal, and an RpcError stays itself", (t) => {
  const own = new RpcError("not_found", "no such account");
  t.is(toRpcError(own), own);
  const other = toRpcError(new TypeError("oops"));
  t.deepEqual([other.code, other.delivery], ["internal", "maybe"]);
});

test("every canonical code survives the trip, with message and details", (t) => {
  for (const code of Object.keys(
    rpcErrorCodes,
  ) as (keyof typeof rpcErrorCodes)[]) {
    const details = [errorDetail(UnknownAccountSchema, { account: "bob" })];
    const error = decodeStatus(
      encodeStatus(new RpcError(code, "why", { details })),
    );
    t.true(isRpcError(error, code));
    t.is(error.message, `[${code}] why`);
    t.is(findDetail(error, UnknownAccountSchema)?.account, "bob");
  }
});

test("a status that cannot be read, or has a code from elsewhere, is an error all the same", (t) => {
  t.is(decodeStatus(Uint8Array.of(255, 255)).code, "internal");
  t.is(decodeStatus(Uint8Array.of(8, 99)).code, "unknown");
});

test("a detail that cannot be read is no detail", (t) => {
  const error = new RpcError("not_found", "", {
    details: [
      { typeName: UnknownAccountSchema.typeName, value: Uint8Array.of(255) },
    ],
  });
  t.is(findDetail(error, UnknownAccountSchema), undefined);
});

test("isRpcError with a code tells the compiler which one it is", (t) => {
  const caught: unknown = new RpcError("not_found", "no such account");
  if (!isRpcError(caught, "not_found")) return t.fail();
  const code: "not_found" = caught.code;
  t.is(code, "not_found");
  t.false(isRpcError(caught, "aborted"));
});
