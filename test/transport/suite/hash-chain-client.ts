/** A client with an exact model of its chain. Whatever is in doubt it asks about, and what it hears must fit. */
import {
  assertAlways,
  assertSometimes,
} from "../../../src/assertions/index.ts";
import { Endpoint, NetworkAddress, type UID } from "../../../src/core/index.ts";
import type { SimContext, Workload } from "../../../src/runner/index.ts";
import {
  isReplyError,
  NetTransport,
  type RequestOptions,
} from "../../../src/transport/index.ts";
import {
  appended,
  type Chain,
  emptyChain,
  sameChain,
} from "./hash-chain-state.ts";
import {
  appendToken,
  type ChainReply,
  chainPort,
  hintToken,
  readReply,
  readToken,
  requestBytes,
} from "./hash-chain-wire.ts";

const largestBlock = 60_000;
/** Names that one client gives to its chains. */
const chainsPerClient = 100_000;

/** A chain whose last block may be there or not, whatever the server says now: it may still be on its way. */
interface Doubtful {
  readonly name: number;
  readonly life: number;
  readonly without: Chain;
  readonly block: Uint8Array;
}

export class ChainClient implements Workload {
  readonly name = "chain";
  #ctx!: SimContext;
  #transport!: NetTransport;
  #address!: NetworkAddress;
  /** Which chain it is building, and what that must be in this life of the server. */
  #chain = 0;
  #life = 0;
  #model: Chain = emptyChain;
  readonly #doubtful: Doubtful[] = [];

  async setup(ctx: SimContext): Promise<void> {
    const addresses = ctx.topology.addresses("chain", chainPort);
    this.#ctx = ctx;
    this.#chain = ctx.index * chainsPerClient;
    this.#address = NetworkAddress.parse(ctx.random.pick(addresses));
    this.#transport = NetTransport.client(ctx.providers);
    this.#life = (await this.#read(this.#chain)).life;
  }

  async run(ctx: SimContext): Promise<void> {
    const operations = ctx.operations({
      append: () => this.#append(ctx.random.range(1, 64), "getReply"),
      empty: () => this.#append(0, "getReply"),
      large: () => this.#append(largestBlock, "getReply"),
      once: () => this.#append(ctx.random.range(0, 64), "tryGetReply"),
      impatient: () =>
        this.#append(8, "getReply", { timeoutMs: ctx.random.range(1, 2_000) }),
      nobody: () => this.#askNobody(),
      hints: () => this.#hint(ctx.random.range(1, 10)),
      pause: () => ctx.time.sleep(ctx.random.range(1, 500)),
    });
    while (!ctx.chaosOver) {
      await operations.next();
      await ctx.time.sleep(1);
    }
  }

  /** Chaos is over: whatever the chains are, both sides agree on them. */
  async check(): Promise<void> {
    await this.#append(64, "getReply");
    this.#compare(await this.#read(this.#chain), [this.#model]);
    for (const { name, life, without, block } of this.#doubtful) {
      const now = await this.#read(name);
      const start = now.life === life ? without : emptyChain;
      this.#compare(now, [start, appended(start, block)]);
    }
    await this.#transport.close();
  }

  async #append(
    size: number,
    how: "getReply" | "tryGetReply",
    options: RequestOptions = { timeoutMs: Infinity },
  ): Promise<void> {
    const block = this.#block(size);
    const body = requestBytes(this.#chain, block);
    try {
      const to = this.#to(appendToken);
      const reply = readReply(await this.#transport[how](to, body, options));
      // A new life has none of the blocks before.
      const begunAnew = reply.life !== this.#life;
      const before = begunAnew ? emptyChain : this.#model;
      this.#compare(reply, [appended(before, block)]);
      assertSometimes(!begunAnew, "a chain grows through faults");
      this.#life = reply.life;
      this.#model = reply.chain;
    } catch (error) {
      if (!isReplyError(error)) throw error;
      const inDoubt = error.details.delivery === "maybe";
      assertSometimes(inDoubt, "a block is left in doubt");
      if (inDoubt) this.#doubt(block);
    }
  }

  /** Build another chain, and come back to this one at the end. */
  #doubt(block: Uint8Array): void {
    const [name, life, without] = [this.#chain, this.#life, this.#model];
    this.#doubtful.push({ name, life, without, block });
    this.#chain += 1;
    this.#model = emptyChain;
  }

  async #read(chain: number): Promise<ChainReply> {
    const body = requestBytes(chain, new Uint8Array(0));
    const options = { timeoutMs: Infinity };
    const to = this.#to(readToken);
    return readReply(await this.#transport.getReply(to, body, options));
  }

  #compare({ life, chain }: ChainReply, possible: readonly Chain[]): void {
    assertAlways(
      possible.some((candidate) => sameChain(candidate, chain)),
      "the chain is what the client knows it to be",
      { life, chain, possible },
    );
  }

  async #askNobody(): Promise<void> {
    const nobody = this.#to(appendToken.adjusted(77));
    const error: unknown = await this.#transport
      .tryGetReply(nobody, requestBytes(0, new Uint8Array(0)))
      .catch((reason: unknown) => reason);
    assertAlways(isReplyError(error), "nobody answers for nobody");
  }

  async #hint(count: number): Promise<void> {
    const body = requestBytes(this.#chain, new Uint8Array(0));
    for (let sent = 0; sent < count; sent += 1) {
      try {
        this.#transport.send(this.#to(hintToken), body);
      } catch (error) {
        if (!isReplyError(error, "queue_full")) throw error;
      }
    }
    await this.#ctx.time.sleep(1);
  }

  #block(size: number): Uint8Array {
    const { random } = this.#ctx;
    return new Uint8Array(size).fill(random.range(0, 256));
  }

  #to(token: UID): Endpoint {
    return new Endpoint(this.#address, token);
  }
}
