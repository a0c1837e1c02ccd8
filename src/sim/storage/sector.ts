/** The units in which disks write. */

/** Bytes that a disk writes at once, or not at all, or tears: what survives a crash is decided sector by sector. */
export const SECTOR_SIZE: number = 512;

/** The first sector that bytes at `position` touch. */
export function sectorAt(position: number): number {
  return Math.floor(position / SECTOR_SIZE);
}

/** The sector behind the last that `length` bytes at `position` touch. */
export function sectorEnd(position: number, length: number): number {
  return length === 0
    ? sectorAt(position)
    : sectorAt(position + length - 1) + 1;
}
