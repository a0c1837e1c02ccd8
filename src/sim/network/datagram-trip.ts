/** The way of one datagram: out of a socket, across a link, into whatever socket is there by then. */
import type { NetworkAddress } from "../../core/index.ts";
import { named, type EventName } from "../event.ts";
import { toMicros } from "../time.ts";
import type { Link } from "./link.ts";
import type { SimNetwork } from "./sim-network.ts";

interface Packet {
  readonly from: NetworkAddress;
  readonly to: NetworkAddress;
  readonly bytes: Uint8Array;
}

/** How long one that is overtaken is late, at most. */
const lateMsMax = 50;

/** One copy under way. A cut drops it, since nobody would send it again; a clog delays it. */
export class DatagramTrip {
  readonly #network: SimNetwork;
  readonly #packet: Packet;
  readonly #link: Link;
  /** What a rule delays it. */
  #extraMicros = 0;

  private constructor(network: SimNetwork, packet: Packet) {
    this.#network = network;
    this.#packet = packet;
    this.#link = network.link(packet.from.ip, packet.to.ip);
  }

  /** Send a packet: as no, one or two copies. */
  static begin(network: SimNetwork, packet: Packet): void {
    const { config } = network;
    const verdict = network.traffic.filtered
      ? network.traffic.judge(packet, packet.bytes, "datagram")
      : "pass";
    if (verdict === "hold" || verdict === "reset") return;
    const trip = new DatagramTrip(network, packet);
    if (verdict !== "pass") trip.#extraMicros = toMicros(verdict.delayMs);
    const { chance } = trip.#link;
    const strikes = (probability: number): boolean =>
      probability > 0 && chance.bool(probability);
    if (strikes(config.datagramLossProbability)) {
      trip.#count("datagram loss");
      return;
    }
    trip.#link.load(packet.bytes.length);
    trip.#leave(strikes(config.datagramReorderProbability));
    if (!strikes(config.datagramDuplicateProbability)) return;
    trip.#count("datagram duplicate");
    trip.#leave(false);
  }

  /** What its arrival is called, for those who listen to events. */
  get eventName(): EventName {
    const bytes = this.#packet.bytes.length;
    return { kind: "network", operation: "datagram_delivery", bytes };
  }

  /** The event of its arrival. */
  arrive(): void {
    const { engine } = this.#network;
    const link = this.#link;
    if (link.severed) {
      this.#count("datagram loss");
      return;
    }
    if (link.blocked) {
      link.hold(engine.root, arrive, this);
      return;
    }
    const { from, to, bytes } = this.#packet;
    const socket = this.#network.hosts.at(to.ip).datagramSockets.get(to.port);
    if (socket === undefined) return;
    const { traffic } = this.#network;
    if (traffic.recorded) traffic.arrived(this.#packet, bytes, "datagram");
    const arrived = socket.deliver({ from, bytes: new Uint8Array(bytes) });
    if (!arrived) this.#count("datagram loss");
  }

  #count(fault: string): void {
    const { from, to } = this.#packet;
    this.#network.faults.count(fault, from.ip, to.ip);
  }

  /** In order with the others of its link, or late enough for later ones to overtake it. */
  #leave(late: boolean): void {
    const { engine } = this.#network;
    const link = this.#link;
    const extraMicros = this.#extraMicros;
    if (extraMicros > 0) {
      const leavesMicros = engine.nowMicros + extraMicros;
      link.carry(engine.root, arrive, this, leavesMicros);
      return;
    }
    if (late) {
      this.#count("datagram reorder");
      const lateMicros = toMicros(link.chance.ratio() * lateMsMax);
      link.carry(engine.root, arrive, this, engine.nowMicros + lateMicros);
      return;
    }
    link.lastDatagramMicros = link.carry(
      engine.root,
      arrive,
      this,
      link.lastDatagramMicros,
    );
  }
}

const arrive = named<DatagramTrip>(
  (trip) => trip.eventName,
  (trip) => trip.arrive(),
);
