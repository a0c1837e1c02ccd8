/** Every fault has its effect when it is on and none when it is off, and docs/faults.md tells the truth about all of them. */
import test from "ava";

import {
  defaultAttrition,
  defaultClogs,
  defaultConnectionFaults,
  defaultPartitions,
  defaultStalls,
} from "../../src/runner/index.ts";
import {
  defaultClockConfiguration,
  defaultNetworkConfiguration,
  defaultStorageConfiguration,
} from "../../src/sim/index.ts";
import { faultNames } from "../../src/runner/fault-names.ts";
import { readRootFile } from "../tidy/source.ts";
import { families } from "./families.ts";
import { faultRows, optionRows } from "./page.ts";

const page = readRootFile("docs/faults.md") ?? "";

/** Where the page's defaults are from: each of these constants is what resolves options that were not given. */
const defaults: Readonly<Record<string, object>> = {
  network: defaultNetworkConfiguration,
  clock: defaultClockConfiguration,
  storage: defaultStorageConfiguration,
  partitions: defaultPartitions,
  clogs: defaultClogs,
  connections: defaultConnectionFaults,
  stalls: defaultStalls,
  attrition: defaultAttrition,
};

for (const { fault, counted, live } of families) {
  test.serial(`${fault}: seen when it is on, and counted`, async (t) => {
    const { seen, faults } = await live(true);
    t.true(seen, "the effect");
    t.deepEqual(
      counted.filter((kind) => !faults.has(kind)),
      [],
      "each name by which it is counted",
    );
  });

  test.serial(`${fault}: silent when it is off`, async (t) => {
    const { seen, faults } = await live(false);
    t.false(seen);
    t.deepEqual([...faults], []);
  });
}

test("every fault of docs/faults.md has a family here, and the reverse", (t) => {
  t.deepEqual(
    faultRows(page)
      .map(({ fault }) => fault)
      .sort(),
    families.map(({ fault }) => fault).sort(),
  );
});

test("docs/faults.md says by which names each fault is counted", (t) => {
  const named = new Map(
    faultRows(page).map(({ fault, counted }) => [fault, counted]),
  );
  for (const { fault, counted } of families)
    t.deepEqual(named.get(fault), counted, fault);
});

test("requireFaults knows every name of docs/faults.md, and none that is not there", (t) => {
  const counted = faultRows(page).flatMap((row) => row.counted);
  const others = ["refused by fault budget"];
  t.deepEqual(
    [...faultNames].sort(),
    [...new Set([...counted, ...others])].sort(),
  );
  for (const name of others) t.true(page.includes(name), name);
});

test("docs/faults.md has every option with the default that the code has", (t) => {
  const wanted = Object.entries(defaults).flatMap(([group, options]) =>
    Object.entries(options).map(([option, value]): [string, string] => [
      `${group}.${option}`,
      JSON.stringify(value),
    ]),
  );
  t.deepEqual(new Map(optionRows(page)), new Map(wanted));
  t.is(optionRows(page).length, wanted.length, "none twice");
});
