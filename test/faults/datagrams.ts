/** Datagrams that are lost, doubled and overtaken. */
import type { NetworkConfiguration } from "../../src/sim/index.ts";
import { ipA, ipB, port } from "../sim/support.ts";
import { inWorld, type Family, type Sight } from "./family.ts";

/** Send the numbers from 0 to 99; `seen` is asked about those that arrive, in the order in which they do. */
function numbered(
  network: Partial<NetworkConfiguration>,
  seen: (arrived: readonly number[]) => boolean,
): Promise<Sight> {
  return inWorld({ network }, async (world) => {
    const where = `${ipA}:${port}`;
    const { network: near } = world.providers(ipB);
    const { network: far } = world.providers(ipA);
    const to = await far.bindDatagram(where);
    const from = await near.bindDatagram(`${ipB}:${port}`);
    for (let number = 0; number < 100; number += 1)
      await from.send(new Uint8Array([number]), where);
    const arrived: number[] = [];
    const receiving = (async () => {
      for (;;) arrived.push((await to.receive()).bytes[0] ?? -1);
    })().catch(() => undefined);
    await world.time.sleep(1_000);
    await to.close();
    await receiving;
    return seen(arrived);
  });
}

export const datagramFamilies: readonly Family[] = [
  {
    fault: "datagrams lost",
    counted: ["datagram loss"],
    live: (on) =>
      numbered(
        on ? { datagramLossProbability: 0.3 } : {},
        (arrived) => arrived.length < 90,
      ),
  },
  {
    fault: "datagrams doubled",
    counted: ["datagram duplicate"],
    live: (on) =>
      numbered(
        on ? { datagramDuplicateProbability: 0.3 } : {},
        (arrived) => arrived.length > 110,
      ),
  },
  {
    fault: "datagrams overtaken",
    counted: ["datagram reorder"],
    live: (on) =>
      numbered(on ? { datagramReorderProbability: 0.3 } : {}, (arrived) =>
        arrived.some((number, at) => number < (arrived[at - 1] ?? 0)),
      ),
  },
];
