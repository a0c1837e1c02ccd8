/** What calls and streams promise: the suite of them, and what it would miss without these lines. */
import { refused, simulatedRefusals } from "../rpc/refusing.ts";
import { rpcSuite } from "../rpc/suite/index.ts";
import type { Defect } from "./defect.ts";
import { survives } from "./survives.ts";

const [calls, deadlines] = rpcSuite;

export const rpcDefects: readonly Defect[] = [
  {
    holds: "streams come in order and whole, and calls end once on each side",
    numbers: [],
    check: survives(calls!, 24),
    mutants: [
      // Nobody waits for room.
      {
        file: "transport/streams/stream-output",
        from: "return this.#window > 0 && ",
        to: "return ",
      },
      // Items that wait are taken in the wrong order.
      {
        file: "transport/streams/stream-input",
        from: "this.#queue.push(this.#arena.copyOf(body));",
        to: "this.#queue.unshift(this.#arena.copyOf(body));",
      },
      // What came before an error is lost with it.
      {
        file: "transport/streams/stream-call",
        from: 'isOurs(error) ? "drop" : "keep"',
        to: '"drop"',
      },
      // Credit is forgotten.
      {
        file: "transport/streams/stream-output",
        from: "this.#window += bytes;",
        to: "",
      },
      // The other side is not told that nobody waits any more.
      {
        file: "transport/call",
        from: "this.sentOn?.send(cancelFrame(this));",
        to: "",
      },
      // Whoever leaves a loop leaves the call open.
      {
        file: "rpc/stream-call",
        from: 'call.cancel(new Error("the reader left the stream"))',
        to: "undefined",
      },
      // A stream goes on when its connection is gone.
      {
        file: "transport/reply-promise",
        from: "this.#unsubscribe = this.onUnreachable((reason) => this.#stopStreams(reason));",
        to: ";",
      },
      // A call that arrives again has another effect.
      {
        file: "transport/duplicate-filter",
        from: "if (known !== undefined)",
        to: "if (false)",
      },
      // What is left of a stream that was given up passes for the whole.
      {
        file: "transport/streams/stream-input",
        from: 'this.#state.kind === "ended" && !isCut',
        to: 'this.#state.kind === "ended"',
      },
      // A lost connection gives up a call that comes again.
      {
        file: "rpc/server-call",
        from: "if (!this.#comesAgain)",
        to: "if (true)",
      },
      // An answer to a stream of requests comes before all of them have.
      {
        file: "transport/streams/stream-input",
        from: "const body = this.#queue.shift();",
        to: 'const body = this.#state.kind === "ended" ? undefined : this.#queue.shift();',
      },
    ],
  },
  {
    holds: "no call is open after its deadline",
    numbers: [],
    check: survives(deadlines!, 12),
    mutants: [
      // Deadlines are not watched.
      {
        file: "transport/call-table",
        from: "this.#deadlines.add(call);",
        to: "",
      },
      // Streams have none.
      {
        file: "transport/streams/stream-call",
        from: "this.timeoutMs = timeoutMs;",
        to: "this.timeoutMs = Infinity;",
      },
    ],
  },
  {
    holds: "what a handler says beside its error reaches the caller with it",
    numbers: [],
    check: async (t) => {
      t.deepEqual(await simulatedRefusals(), refused);
    },
    mutants: [
      // It stays at home.
      {
        file: "rpc/handler-failure",
        from: "const extra = extraOf(parts, call, error);",
        to: "const extra = emptyBytes;",
      },
      // What was said first wins.
      {
        file: "rpc/server-call",
        from: "...this.#replyMetadata, ...own",
        to: "...own, ...this.#replyMetadata",
      },
      // Only the error has it, and only of unary calls the listener.
      {
        file: "rpc/stream-call",
        from: "if (metadata !== noMetadata)",
        to: "if (false)",
      },
    ],
  },
];
