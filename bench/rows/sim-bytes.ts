/** Bytes over simulated connections, among few machines and many. */
import { byteRing } from "../sides/byte-ring.ts";
import { medians } from "../rounds.ts";
import { atLeast, type Row } from "../row.ts";

const messageCount = 200_000;
const warmUpCount = 50_000;

/** A message is 64 bytes one way; its echo is another. */
export const simBytes: Row = {
  id: "sim.bytes",
  what: "64-byte messages echoed over simulated connections, 5 processes in a ring, 500 messages in flight",
  unit: "messages/s",
  target: atLeast(300_000, "≥ 300 k messages/s"),
  async run() {
    const shape = { processes: 5, messages: messageCount };
    await byteRing({ ...shape, messages: warmUpCount });
    const { value } = await medians({
      value: async () => (await byteRing(shape)).messagesPerSecond,
    });
    return { value, against: {} };
  },
};

/** The same messages, among more and more processes: what an event costs must not depend on how many there are. */
export const simScale: Row = {
  id: "sim.scale",
  what: "cost of an event with 500 processes against 5: the same echo, the same number of messages, by processor time",
  unit: "×",
  target: {
    text: "≤ 1.3×",
    isMet: ({ value }) => value <= 1.3,
  },
  async run() {
    const cost = (processes: number) => async (): Promise<number> =>
      (await byteRing({ processes, messages: messageCount })).nsPerEvent;
    await byteRing({ processes: 500, messages: warmUpCount });
    const { few, some, many } = await medians({
      few: cost(5),
      some: cost(50),
      many: cost(500),
    });
    return {
      value: many / few,
      against: {},
      note: `an event costs ${rounded(few)} ns with 5 processes, ${rounded(some)} ns with 50, ${rounded(many)} ns with 500`,
    };
  },
};

function rounded(ns: number): string {
  return ns.toFixed(0);
}
