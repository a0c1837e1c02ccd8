import test from "ava";

import { SectorDamage } from "../../src/sim/storage/sector-damage.ts";
import { SECTOR_SIZE } from "../../src/sim/storage/sector.ts";

const filled = (length: number, byte: number): Uint8Array =>
  new Uint8Array(length).fill(byte);

/** Sector 1 of a file shows sevens. */
function damaged(): { damage: SectorDamage; repaired: number[] } {
  const repaired: number[] = [];
  const damage = new SectorDamage((sector) => repaired.push(sector));
  damage.show(1, filled(SECTOR_SIZE, 7));
  return { damage, repaired };
}

test("a read shows the damage of just those bytes that lie in the sector", (t) => {
  const { damage } = damaged();
  const bytes = new Uint8Array(20);
  damage.overlay(SECTOR_SIZE - 10, bytes);
  t.deepEqual([...bytes], [...filled(10, 0), ...filled(10, 7)]);
});

test("a sector that is written in part shows the rest as before", (t) => {
  const { damage, repaired } = damaged();
  damage.written(SECTOR_SIZE + 4, filled(8, 3));
  const bytes = new Uint8Array(16);
  damage.overlay(SECTOR_SIZE, bytes);
  t.deepEqual([...bytes], [...filled(4, 7), ...filled(8, 3), ...filled(4, 7)]);
  t.deepEqual(repaired, []);
});

test("a sector that is written as a whole is whole again, and its neighbours were never touched", (t) => {
  const { damage, repaired } = damaged();
  damage.written(0, filled(3 * SECTOR_SIZE, 3));
  const bytes = new Uint8Array(3 * SECTOR_SIZE);
  damage.overlay(0, bytes);
  t.deepEqual(bytes, filled(3 * SECTOR_SIZE, 0));
  t.deepEqual(repaired, [1]);
});
