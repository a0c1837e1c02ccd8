/** Records as bytes: a length, a checksum, the number of the record, and what it says. */
import { crc32c } from "@node-rs/crc32";

/** One record. Numbers count from 1, without a gap. */
export interface LogRecord {
  readonly number: number;
  readonly text: string;
}

const headerSize = 12;

export function encodeRecord({ number, text }: LogRecord): Uint8Array {
  const body = new TextEncoder().encode(text);
  const bytes = new Uint8Array(headerSize + body.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, body.length);
  header.setUint32(8, number);
  bytes.set(body, headerSize);
  header.setUint32(4, crc32c(bytes.subarray(8)));
  return bytes;
}

/** The records from that number on, up to the first that is not whole or not the next. */
export function decodeRecords(
  bytes: Uint8Array,
  next: number,
  trusting: boolean,
): LogRecord[] {
  const records: LogRecord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start + headerSize <= bytes.length;) {
    const end = start + headerSize + view.getUint32(start);
    const number = view.getUint32(start + 8);
    if (end > bytes.length || number !== next + records.length) break;
    const whole = crc32c(bytes.subarray(start + 8, end));
    if (!trusting && whole !== view.getUint32(start + 4)) break;
    const body = bytes.subarray(start + headerSize, end);
    records.push({ number, text: new TextDecoder().decode(body) });
    start = end;
  }
  return records;
}
