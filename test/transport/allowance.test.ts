/** How much is read of whom. */
import test from "ava";

import { Allowance, Company } from "../../src/transport/allowance.ts";

const allowanceIn = (company: Company): Allowance =>
  new Allowance(company, 32_000);

/** Light company on one side: 16 frames a millisecond, until then. */
function keepCompany(company: Company, light: Allowance, untilMs: number) {
  for (let ms = 0; ms <= untilMs; ms += 1) {
    light.countMax(ms);
    light.spend(16, 0);
  }
  return company.isThere(untilMs);
}

/** One that has brought so much at that time that its allowance is used up. */
function heavyAt(company: Company, nowMs: number): Allowance {
  const heavy = allowanceIn(company);
  heavy.countMax(nowMs);
  heavy.spend(1_000, 0);
  return heavy;
}

test("Allowance lets whoever is alone send as much as it likes", (t) => {
  const alone = allowanceIn(new Company());
  for (let ms = 0; ms < 100; ms += 1) {
    t.is(alone.countMax(ms), Infinity);
    alone.spend(1_000, 0);
  }
});

test("Allowance gives so many frames a millisecond in company, and no more at once than fills it", (t) => {
  const company = new Company();
  t.true(keepCompany(company, allowanceIn(company), 40));
  const heavy = allowanceIn(company);
  t.is(heavy.countMax(40), 256);
  heavy.spend(256, 0);
  t.true(heavy.isSpent);
  t.is(heavy.countMax(40), 0);
  t.is(heavy.countMax(42), 64);
  t.false(heavy.isSpent);
});

test("Allowance is full again after a rest, and never more than full", (t) => {
  const company = new Company();
  const light = allowanceIn(company);
  const heavy = heavyAt(company, 0);
  keepCompany(company, light, 1_000);
  t.is(heavy.countMax(1_000), 256);
});

test("Allowance takes no heed of frames that were asked for", (t) => {
  const company = new Company();
  keepCompany(company, allowanceIn(company), 40);
  const answered = allowanceIn(company);
  t.is(answered.countMax(40), 256);
  answered.spend(256, 250);
  t.is(answered.countMax(40), 250);
});

test("Allowance binds nobody where all send much: they are no company to each other", (t) => {
  const company = new Company();
  const both = [heavyAt(company, 0), heavyAt(company, 0)];
  for (let ms = 1; ms < 100; ms += 1) {
    for (const heavy of both) {
      t.is(heavy.countMax(ms), Infinity);
      heavy.spend(100, 0);
    }
  }
});

test("Company that sends hardly anything makes nobody wait", (t) => {
  const company = new Company();
  const light = allowanceIn(company);
  for (let ms = 0; ms < 100; ms += 1) {
    light.countMax(ms);
    light.spend(3, 0);
    t.false(company.isThere(ms));
  }
});

test("Company is forgotten soon after it has sent its last", (t) => {
  const company = new Company();
  t.true(keepCompany(company, allowanceIn(company), 40));
  t.true(company.isThere(60));
  t.false(company.isThere(120));
});

test("Allowance without a limit binds nobody", (t) => {
  const company = new Company();
  const free = new Allowance(company, Infinity);
  t.true(keepCompany(company, allowanceIn(company), 40));
  for (const ms of [40, 40, 41]) {
    t.is(free.countMax(ms), Infinity);
    free.spend(1_000_000, 0);
    t.false(free.isSpent);
  }
});
