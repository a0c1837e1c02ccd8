import test from "ava";

import {
  Endpoint,
  methodEndpoint,
  NetworkAddress,
  UID,
  WellKnownToken,
} from "../../src/core/index.ts";

const address = NetworkAddress.parse("10.0.1.1:4500");
const service = UID.parse("c25b63cb173967139f62edb07db1f061");

test("Endpoint prints its process and its token", (t) => {
  t.is(
    new Endpoint(address, service).toString(),
    "10.0.1.1:4500/c25b63cb173967139f62edb07db1f061",
  );
});

test("Endpoint of a method is at the same process, its token adjusted", (t) => {
  const base = new Endpoint(address, service);
  const method = methodEndpoint(base, 0x0da00b60);
  t.is(method.address, address);
  t.is(method.token.toString(), "cffb6f2b173967139f62edb08b51fbc1");
  t.true(method.equals(base.adjusted(0x0da00b60)));
  t.true(methodEndpoint(base, 0).equals(base));
});

test("Endpoint of a well-known slot has that slot's token", (t) => {
  const ping = Endpoint.wellKnown(address, WellKnownToken.ping);
  t.true(ping.token.isWellKnown);
  t.true(ping.token.equals(UID.wellKnown(1)));
});

test("Endpoint equals the same receiver of the same process only", (t) => {
  const endpoint = new Endpoint(address, service);
  t.true(
    endpoint.equals(
      new Endpoint(
        NetworkAddress.parse("10.0.1.1:4500"),
        UID.parse(service.toString()),
      ),
    ),
  );
  t.false(endpoint.equals(new Endpoint(address.withPort(4501), service)));
  t.false(endpoint.equals(new Endpoint(address, service.adjusted(1))));
});
