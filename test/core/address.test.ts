import test from "ava";

import {
  addressFlagPublic,
  addressFlagTls,
  NetworkAddress,
  NetworkAddressParseError,
  NodeAddress,
  splitHostPort,
  toAddress,
} from "../../src/core/index.ts";

for (const text of [
  "1.2.3.4:80",
  "0.0.0.0:0",
  "255.255.255.255:65535",
  "[::1]:80",
  "[::]:0",
  "[fe80::1:2]:9",
]) {
  test(`NetworkAddress prints ${text} as it reads it`, (t) => {
    const address = NetworkAddress.parse(text);
    t.is(address.toString(), text);
    t.is(address.key, text);
    t.is(JSON.stringify(address), `"${text}"`);
    t.true(NetworkAddress.parse(address.toString()).equals(address));
  });
}

const hint = "write it after a colon, with brackets around IPv6";
const ipHint =
  "has no valid IP address: write ip:port or [ipv6]:port; names of hosts are for those who connect";
const hostHint =
  "is neither an IP address nor the name of a host: write ip:port, [ipv6]:port or name:port";
const refused: readonly [
  text: string,
  code: string,
  message: string,
  named?: string,
][] = [
  ["", "missing_port", `"" has no port: ${hint}`],
  ["1.2.3.4", "missing_port", `"1.2.3.4" has no port: ${hint}`],
  ["localhost", "missing_port", `"localhost" has no port: ${hint}`],
  ["::1", "missing_port", `"::1" has no port: ${hint}`],
  ["[::1]", "missing_port", `"[::1]" has no port: ${hint}`],
  ["::1:80", "missing_port", `"::1:80" has no port: ${hint}`],
  ["1.2.3.4:", "invalid_port", `"1.2.3.4:" has no valid port: 0 to 65535 is`],
  ["1.2.3.4:x", "invalid_port", `"1.2.3.4:x" has no valid port: 0 to 65535 is`],
  [
    "1.2.3.4:-1",
    "invalid_port",
    `"1.2.3.4:-1" has no valid port: 0 to 65535 is`,
  ],
  [
    "1.2.3.4:+1",
    "invalid_port",
    `"1.2.3.4:+1" has no valid port: 0 to 65535 is`,
  ],
  [
    "1.2.3.4:1.5",
    "invalid_port",
    `"1.2.3.4:1.5" has no valid port: 0 to 65535 is`,
  ],
  [
    "1.2.3.4: 80",
    "invalid_port",
    `"1.2.3.4: 80" has no valid port: 0 to 65535 is`,
  ],
  [
    "1.2.3.4:65536",
    "invalid_port",
    `"1.2.3.4:65536" has no valid port: 0 to 65535 is`,
  ],
  [
    "1.2.3.4:000080",
    "invalid_port",
    `"1.2.3.4:000080" has no valid port: 0 to 65535 is`,
  ],
  [":80", "invalid_ip", `"" ${ipHint}`, ""],
  ["[]:80", "invalid_ip", `"" ${ipHint}`, ""],
  ["localhost:80", "invalid_ip", `"localhost" ${ipHint}`, "localhost"],
  ["1.2.3.256:80", "invalid_ip", `"1.2.3.256" ${ipHint}`, "1.2.3.256"],
  ["[g::]:80", "invalid_ip", `"g::" ${ipHint}`, "g::"],
  ["[::1:80", "missing_port", `"[::1:80" has no port: ${hint}`],
  ["a:b:80", "invalid_host", `"a:b:80" ${hostHint}`],
  ["1.2.3.4:80:90", "invalid_host", `"1.2.3.4:80:90" ${hostHint}`],
];
for (const [text, code, message, named = text] of refused) {
  test(`NetworkAddress refuses "${text}" as ${code}`, (t) => {
    const error = t.throws(() => NetworkAddress.parse(text), {
      instanceOf: NetworkAddressParseError,
    });
    t.is(error?.code, code as "invalid_ip");
    t.is(error?.message, `[${code}] ${message}`);
    t.deepEqual(error?.details, { text: named });
    t.is(error?.name, "NetworkAddressParseError");
  });
}

for (const port of [-1, 65_536, 1.5, Number.NaN, Infinity]) {
  test(`NetworkAddress refuses the port ${port}`, (t) => {
    const error = t.throws(() => new NetworkAddress("1.2.3.4", port), {
      instanceOf: NetworkAddressParseError,
    });
    t.is(
      error?.message,
      `[invalid_port] "${port}" has no valid port: 0 to 65535 is`,
    );
  });
}

test("NetworkAddress keeps its flags, which are part of what it equals but not of its text", (t) => {
  const plain = NetworkAddress.parse("1.2.3.4:80");
  const secure = NetworkAddress.parse("1.2.3.4:80", addressFlagTls);
  const open = new NetworkAddress("1.2.3.4", 80, addressFlagPublic);
  const both = new NetworkAddress(
    "1.2.3.4",
    80,
    addressFlagTls | addressFlagPublic,
  );
  t.deepEqual(
    [plain, secure, open, both].map(({ isTls, isPublic }) => [isTls, isPublic]),
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ],
  );
  t.false(plain.equals(secure));
  t.false(secure.equals(open));
  t.is(plain.key, secure.key);
  t.is(secure.toString(), "1.2.3.4:80");
});

test("NetworkAddress equals the same place in any spelling, and no other", (t) => {
  t.true(
    NetworkAddress.parse("[0::1]:80").equals(NetworkAddress.parse("[::1]:80")),
  );
  t.false(
    NetworkAddress.parse("1.2.3.4:80").equals(
      NetworkAddress.parse("1.2.3.4:81"),
    ),
  );
  t.false(
    NetworkAddress.parse("1.2.3.4:80").equals(
      NetworkAddress.parse("1.2.3.5:80"),
    ),
  );
});

test("NetworkAddress with another port keeps the rest", (t) => {
  const moved = new NetworkAddress("1.2.3.4", 80, addressFlagTls).withPort(443);
  t.is(moved.key, "1.2.3.4:443");
  t.true(moved.isTls);
});

test("toAddress takes either form", (t) => {
  const address = NetworkAddress.parse("1.2.3.4:80");
  t.is(toAddress(address), address);
  t.true(toAddress("1.2.3.4:80").equals(address));
});

test("splitHostPort takes names, and IPv6 in brackets", (t) => {
  t.deepEqual(splitHostPort("bank.example:80"), ["bank.example", "80"]);
  t.deepEqual(splitHostPort("[::1]:80"), ["::1", "80"]);
});

test("NodeAddress is an address and a life", (t) => {
  const address = NetworkAddress.parse("1.2.3.4:80");
  const node = new NodeAddress(address, 7n);
  t.is(node.toString(), "1.2.3.4:80@7");
  t.true(node.equals(new NodeAddress(NetworkAddress.parse("1.2.3.4:80"), 7n)));
  t.false(node.equals(new NodeAddress(address, 8n)));
  t.false(node.equals(new NodeAddress(address.withPort(81), 7n)));
});
