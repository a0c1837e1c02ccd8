/** What becomes of requests: the transport suite, and what it would miss without these repairs. */
import { delivery } from "../transport/suite/delivery.ts";
import { hashChain } from "../transport/suite/hash-chain.ts";
import { peerOrder } from "../transport/suite/peer-order.ts";
import type { Defect } from "./defect.ts";
import { survives } from "./survives.ts";

export const deliveryDefects: readonly Defect[] = [
  {
    holds: "every way to ask keeps its promise through everything",
    numbers: ["transport 1", "transport 6", "transport 15"],
    check: survives(delivery, 12),
    mutants: [
      // What may run twice is not sent again.
      {
        file: "transport/peer",
        from: "this.#queue.rewind();",
        to: "",
      },
      // A connection that broke since is not noticed.
      {
        file: "transport/peer",
        from: 'call.request.delivery === "at_most_once" && call.sentCount > 0',
        to: "false",
      },
      // What arrives twice runs twice.
      {
        file: "transport/duplicate-filter",
        from: "if (known !== undefined)",
        to: "if (false)",
      },
      // Some replies are lost on a connection that lives.
      {
        file: "transport/channel",
        from: "this.output.push(reply);",
        to: "if (reply.d % 7 !== 3) this.output.push(reply);",
      },
      // A pause is forgotten, and the call with it.
      {
        file: "transport/paused-calls",
        from: "this.#resume(call);",
        to: "",
      },
    ],
  },
  {
    holds: "no block of a chain is lost, doubled or exchanged",
    numbers: ["transport 1"],
    check: survives(hashChain, 12),
    mutants: [
      {
        file: "transport/duplicate-filter",
        from: "if (known !== undefined)",
        to: "if (false)",
      },
    ],
  },
  {
    holds: "messages keep their order, and come once",
    numbers: ["transport 9"],
    check: survives(peerOrder, 20),
    mutants: [
      // What was sent once is sent by the next connection as well.
      {
        file: "transport/peer",
        from: 'call.request.delivery === "at_most_once" && call.sentCount > 0',
        to: "false",
      },
    ],
  },
];
