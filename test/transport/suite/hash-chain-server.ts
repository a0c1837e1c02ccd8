/** A server that keeps one chain for each client, in memory: a new life begins with none. */
import { buggifyWithProb } from "../../../src/assertions/index.ts";
import type { SimContext } from "../../../src/runner/index.ts";
import {
  DuplicateFilter,
  NetTransport,
  type ReplyPromise,
} from "../../../src/transport/index.ts";
import { appended, type Chain, emptyChain } from "./hash-chain-state.ts";
import {
  appendedBlocks,
  appendToken,
  chainPort,
  hintToken,
  readRequest,
  readToken,
  replyBytes,
} from "./hash-chain-wire.ts";

export async function startChainServer(
  ctx: SimContext,
): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(
    ctx.providers,
    ctx.address(chainPort),
  );
  const server = new ChainServer(ctx, Number(transport.incarnation >> 32n));
  const append = (promise: ReplyPromise): void => server.append(promise);
  transport.register(
    appendToken,
    new DuplicateFilter(transport, { receive: append }),
  );
  const read = (promise: ReplyPromise): void => server.read(promise);
  transport.register(readToken, { receive: read });
  transport.register(hintToken, { receive: read });
  return transport;
}

class ChainServer {
  readonly #ctx: SimContext;
  readonly #life: number;
  readonly #chains = new Map<number, Chain>();

  constructor(ctx: SimContext, life: number) {
    this.#ctx = ctx;
    this.#life = life;
  }

  append(promise: ReplyPromise): void {
    // Broken before anything is done: the one case in which a broken promise leaves no doubt.
    if (buggifyWithProb("suite: a promise is broken", 0.1))
      return promise[Symbol.dispose]();
    const { client, block } = readRequest(promise.request);
    const life = this.#life;
    const chain = appended(this.#chain(client), block);
    this.#chains.set(client, chain);
    this.#ctx.state
      .timeline(appendedBlocks)
      .emit({ life, client, block, chain });
    promise.send(replyBytes({ life, chain }));
  }

  read(promise: ReplyPromise): void {
    const { client } = readRequest(promise.request);
    promise.send(replyBytes({ life: this.#life, chain: this.#chain(client) }));
  }

  #chain(client: number): Chain {
    return this.#chains.get(client) ?? emptyChain;
  }
}
