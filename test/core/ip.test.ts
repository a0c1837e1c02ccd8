/** Which texts are IP addresses, and their one canonical spelling. */
import { isIPv4, isIPv6 } from "node:net";

import test from "ava";

import { Sfc32 } from "../../src/base/sfc32.ts";
import {
  NetworkAddress,
  NetworkAddressParseError,
} from "../../src/core/index.ts";

const spellings: readonly [canonical: string, ...others: string[]][] = [
  ["::", "0:0:0:0:0:0:0:0", "0000::0000", "::0"],
  ["::1", "0:0:0:0:0:0:0:1", "0::1", "::0001"],
  ["1::", "1:0:0:0:0:0:0:0", "1::0"],
  ["fe80::1", "FE80::1", "fe80:0000:0000::1", "fe80:0:0:0:0:0:0:1"],
  ["2001:db8::1:0:0:1", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:0:0:1::1", "2001:0:0:1:0:0:0:1", "2001::1:0:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8::1:1:1:1:1"],
  ["1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7::"],
  ["::ffff:a00:1", "::ffff:10.0.0.1", "::FFFF:0a00:0001"],
  ["64:ff9b::102:304", "64:ff9b::1.2.3.4"],
  [
    "abcd:ef01:2345:6789:abcd:ef01:2345:6789",
    "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789",
  ],
];
for (const [canonical, ...others] of spellings) {
  test(`NetworkAddress spells ${canonical} in one way`, (t) => {
    for (const text of [canonical, ...others]) {
      const address = new NetworkAddress(text, 80);
      t.is(address.ip, canonical);
      t.is(address.key, `[${canonical}]:80`);
    }
  });
}

for (const ip of ["0.0.0.0", "1.2.3.4", "10.0.1.255", "255.255.255.255"]) {
  test(`NetworkAddress takes ${ip} as it is`, (t) =>
    t.is(new NetworkAddress(ip, 80).key, `${ip}:80`));
}

const noIps = [
  "",
  "localhost",
  "1.2.3",
  "1.2.3.4.5",
  "256.0.0.1",
  "01.2.3.4",
  "1.2.3.04",
  "1.2.3.-4",
  "1.2.3.4 ",
  " 1.2.3.4",
  "1.2.3.",
  "1e1.2.3.4",
  "１.2.3.4",
  ":",
  ":::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1::2::3",
  "1:2:3:4:5:6:7:8::",
  ":1::",
  "12345::",
  "g::",
  "::1.2.3",
  "::1.2.3.256",
  "1.2.3.4::",
  "1:1.2.3.4::",
  "::1.2.3.4:1",
  "1:2:3:4:5:6:7:1.2.3.4",
  "fe80::1%eth0",
];
for (const ip of noIps) {
  test(`NetworkAddress refuses the IP "${ip}"`, (t) => {
    const error = t.throws(() => new NetworkAddress(ip, 80), {
      instanceOf: NetworkAddressParseError,
    });
    t.is(error?.code, "invalid_ip");
    t.is(
      error?.message,
      `[invalid_ip] "${ip}" has no valid IP address: write ip:port or [ipv6]:port; names of hosts are for those who connect`,
    );
    t.deepEqual(error?.details, { text: ip });
  });
}

test("NetworkAddress agrees with Node about what is an address, over thousands of texts", (t) => {
  const chance = new Sfc32();
  chance.seed(Uint32Array.of(3, 1, 4, 1));
  const pieces = [
    "0",
    "1",
    "ff",
    "abcd",
    "12345",
    "1.2.3.4",
    "1.2",
    ":",
    ":",
    ":",
    "::",
    ".",
    "255",
    "256",
    "00",
    "g",
  ];
  let valid = 0;
  for (let turn = 0; turn < 40_000; turn += 1) {
    const length = 1 + (chance.next() % 16);
    const text = Array.from(
      { length },
      () => pieces[chance.next() % pieces.length],
    ).join("");
    const expected = isIPv4(text) || isIPv6(text);
    if (expected) valid += 1;
    t.is(accepts(text), expected, text);
  }
  t.true(valid > 300, `${valid} of the texts are addresses`);
});

function accepts(ip: string): boolean {
  try {
    return new NetworkAddress(ip, 1).port === 1;
  } catch {
    return false; // Only whether it is refused matters here; how is tested above.
  }
}
