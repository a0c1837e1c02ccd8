import test from "ava";

import { Sfc32 } from "../../src/base/sfc32.ts";
import { UID, WellKnownToken } from "../../src/core/index.ts";
import {
  EndpointMap,
  MessagingError,
  type MessageReceiver,
} from "../../src/transport/index.ts";

const receiver = (): MessageReceiver => ({ receive: () => undefined });

test("EndpointMap finds a receiver by its token, with words signed or not", (t) => {
  const map = new EndpointMap();
  const token = new UID(0x8000_0001, 0xffff_fffe, 3, 0xdead_beef);
  const one = receiver();
  map.insert(token, one);
  t.is(map.find(token), one);
  t.is(map.find({ a: token.a | 0, b: token.b | 0, c: 3, d: token.d | 0 }), one);
  t.is(map.find(token.adjusted(1)), undefined);
  t.is(map.size, 1);
});

test("EndpointMap keeps well-known receivers apart by slot", (t) => {
  const map = new EndpointMap();
  const [ping, first] = [receiver(), receiver()];
  map.insert(UID.wellKnown(WellKnownToken.ping), ping);
  map.insert(UID.wellKnown(63), first);
  t.is(map.find(UID.wellKnown(WellKnownToken.ping)), ping);
  t.is(map.find(UID.wellKnown(63)), first);
  t.is(map.find({ a: -1, b: -1, c: 0, d: 63 }), first);
  map.delete(UID.wellKnown(63));
  t.is(map.find(UID.wellKnown(63)), undefined);
  t.is(map.size, 1);
});

test("EndpointMap finds nobody at a well-known token that is no slot", (t) => {
  const map = new EndpointMap();
  map.insert(UID.wellKnown(0), receiver());
  for (const [c, d] of [
    [0, 64],
    [0, -1],
    [1, 0],
    [-1, -1],
  ] as const) {
    t.is(map.find({ a: -1, b: -1, c, d }), undefined);
  }
});

test("EndpointMap refuses a slot that does not exist, a taken token, and the zero UID", (t) => {
  const map = new EndpointMap();
  const token = new UID(1, 2, 3, 4);
  map.insert(token, receiver());
  t.is(
    t.throws(() => map.insert(UID.wellKnown(64), receiver()), {
      instanceOf: MessagingError,
    }).code,
    "invalid_well_known_token",
  );
  t.is(
    t.throws(() => map.insert(token, receiver()), {
      instanceOf: MessagingError,
    }).code,
    "token_in_use",
  );
  t.throws(() => map.insert(new UID(0, 0, 0, 0), receiver()), {
    instanceOf: TypeError,
  });
  t.is(map.size, 1);
});

test("EndpointMap agrees with a Map over 20,000 random changes", (t) => {
  const random = new Sfc32();
  random.seed(Uint32Array.of(1, 2, 3, 4));
  const map = new EndpointMap();
  const model = new Map<string, MessageReceiver>();
  const base = new UID(
    random.next(),
    random.next(),
    random.next(),
    random.next(),
  );
  for (let step = 0; step < 20_000; step += 1) {
    // Siblings of one service: tokens that differ as little as real ones do.
    const token = base.adjusted(random.next() % 500);
    const key = token.toString();
    if (model.has(key) && random.next() % 2 === 0) {
      map.delete(token);
      model.delete(key);
    } else if (!model.has(key)) {
      const one = receiver();
      map.insert(token, one);
      model.set(key, one);
    }
    if (map.find(token) !== model.get(key) || map.size !== model.size)
      t.fail(`step ${step}`);
  }
  for (let id = 0; id < 500; id += 1) {
    const token = base.adjusted(id);
    t.is(map.find(token), model.get(token.toString()));
  }
});
