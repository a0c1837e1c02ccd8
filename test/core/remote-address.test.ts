import test from "ava";

import {
  HostAddress,
  NetworkAddress,
  NetworkAddressParseError,
  toRemoteAddress,
} from "../../src/core/index.ts";

for (const [text, host, url] of [
  ["bank:4500", "bank", "bank:4500"],
  ["Bank-1.Default.svc:80", "bank-1.default.svc", "bank-1.default.svc:80"],
  ["my_service:1", "my_service", "my_service:1"],
  ["1a.2b:80", "1a.2b", "1a.2b:80"],
  ["bank.example.:80", "bank.example.", "bank.example.:80"],
  ["tls://Bank:443", "bank", "tls://bank:443"],
] as const) {
  test(`toRemoteAddress reads ${text} as the name of a host`, (t) => {
    const address = toRemoteAddress(text);
    t.true(address instanceof HostAddress);
    t.is(address.host, host);
    t.is(address.isTls, text.startsWith("tls://"));
    t.is(address.url, url);
    t.is(`${address}`, address.key);
    t.is(JSON.stringify(address), `"${address.key}"`);
    t.deepEqual(toRemoteAddress(address.url), address);
    t.deepEqual(
      new HostAddress(address.host, address.port, address.isTls),
      address,
    );
  });
}

for (const text of ["1.2.3.4:80", "[::1]:80", "tls://1.2.3.4:80"]) {
  test(`toRemoteAddress reads ${text} as a NetworkAddress`, (t) => {
    const address = toRemoteAddress(text);
    t.true(address instanceof NetworkAddress);
    t.deepEqual(address, NetworkAddress.parse(text));
    t.is(address.url, text);
    t.is(address.host, (address as NetworkAddress).ip);
  });
}

const longLabel = "a".repeat(64);
const noHost = "neither an IP address nor the name of a host";
for (const [text, code, message] of [
  ["", "missing_port", `"" has no port`],
  ["bank", "missing_port", `"bank" has no port: write it after a colon`],
  ["bank:", "invalid_port", `"bank:" has no valid port`],
  ["bank:65536", "invalid_port", `"bank:65536" has no valid port`],
  ["bank:1e3", "invalid_port", `"bank:1e3" has no valid port`],
  [":80", "invalid_host", `"" is ${noHost}`],
  ["1.2.3.256:80", "invalid_host", `"1.2.3.256" is ${noHost}`],
  ["1.2.3:80", "invalid_host", `"1.2.3" is ${noHost}`],
  ["a..b:80", "invalid_host", `"a..b" is ${noHost}`],
  ["-a:80", "invalid_host", `"-a" is ${noHost}`],
  ["a-:80", "invalid_host", `"a-" is ${noHost}`],
  ["bücher.example:80", "invalid_host", `"bücher.example" is ${noHost}`],
  ["a b:80", "invalid_host", `"a b" is ${noHost}`],
  ["http://bank:80", "invalid_host", `"http://bank:80" is ${noHost}`],
  ["[bank]:80", "invalid_host", `"[bank]:80" is ${noHost}`],
  ["user@bank:80", "invalid_host", `"user@bank" is ${noHost}`],
  [`${longLabel}:80`, "invalid_host", noHost],
  [`${"a.".repeat(127)}a:80`, "invalid_host", noHost],
] as const) {
  test(`toRemoteAddress refuses "${text.slice(0, 40)}"`, (t) => {
    const error = t.throws(() => toRemoteAddress(text), {
      instanceOf: NetworkAddressParseError,
    });
    t.is(error?.code, code);
    t.true(error?.message.includes(message), error?.message);
  });
}

test("HostAddress refuses ports that are none", (t) => {
  for (const port of [-1, 65_536, 1.5, Number.NaN])
    t.throws(() => new HostAddress("bank", port), {
      instanceOf: NetworkAddressParseError,
      message: /has no valid port/,
    });
});

test("toRemoteAddress keeps what is an address already, and refuses what is none", (t) => {
  const named = new HostAddress("bank", 80);
  t.is(toRemoteAddress(named), named);
  t.throws(() => toRemoteAddress(80 as never), {
    instanceOf: TypeError,
    message: /"10\.0\.0\.1:4500" or "bank:4500", .* not 80$/,
  });
});
