/** What can happen between a client and a server of HTTP, and what it comes to when the network is well. */
import type { ClientRequest } from "node:http";
import { Readable } from "node:stream";

import { chunks } from "./site.ts";
import { type Answer, ask, say, type Visit } from "./visit.ts";

export interface HttpCase {
  readonly title: string;
  /** What `run` resolves with, or the code of the error it rejects with. */
  readonly outcome: string;
  /** What else is right when the network tears or delays. */
  readonly otherwise?: string;
  run(visit: Visit): Promise<string>;
}

/** The errors with which an exchange may end when the network breaks it. */
export const breaks: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "PATIENCE", "ENDED"],
]);

/** What becomes of a case: its outcome, or the code of the error. */
export function outcomeOf({ run }: HttpCase, visit: Visit): Promise<string> {
  return run(visit).catch(
    (error: Error & { code?: string }) => error.code ?? String(error),
  );
}

export const httpCases: readonly HttpCase[] = [
  {
    title: "an answer",
    outcome: "200 hello\n",
    run: async (visit) => text(await ask(visit, { path: "/hello" })),
  },
  {
    title: "an answer to HEAD",
    outcome: "200 of 6 bytes, and none of them",
    run: async (visit) => {
      const asked = { method: "HEAD", path: "/hello" };
      const { status, headers, body } = await ask(visit, asked);
      const length = headers["content-length"];
      return `${status} of ${length} bytes, and ${body.length === 0 ? "none" : "some"} of them`;
    },
  },
  {
    title: "what is not there",
    outcome: "404 there is no /nowhere here",
    run: async (visit) => text(await ask(visit, { path: "/nowhere" })),
  },
  {
    title: "an echo",
    outcome: "200, every byte",
    run: async (visit) => {
      const bytes = visit.bytes(70_000);
      const headers = { "Content-Length": bytes.length };
      const asked = { method: "POST", path: "/echo", headers };
      return compared(await ask(visit, asked, (it) => it.end(bytes)), bytes);
    },
  },
  {
    title: "a connection that is kept alive",
    outcome: "the same connection",
    otherwise: "another connection",
    run: async (visit) => {
      const first = await ask(visit, { path: "/port" });
      // The agent has it back after the last of its events.
      await visit.sleep(1);
      const second = await ask(visit, { path: "/port" });
      // An agent that has several of them may take another one.
      const isSame = String(first.body) === String(second.body);
      return second.reused && isSame
        ? "the same connection"
        : "another connection";
    },
  },
  {
    title: "a chunked answer with a trailer",
    outcome: "200, every byte, 40 pieces",
    run: async (visit) => {
      const answer = await ask(visit, { path: "/chunks" });
      const { "transfer-encoding": encoding } = answer.headers;
      if (encoding !== "chunked") return `not chunked, but ${encoding}`;
      const whole = compared(answer, Buffer.from(chunks.join("")));
      return `${whole}, ${answer.trailers["pieces"]} pieces`;
    },
  },
  {
    title: "a chunked request and a chunked answer at the same time",
    outcome: "200, every byte",
    run: async (visit) => {
      const bytes = visit.bytes(90_000);
      const asked = { method: "POST", path: "/stream" };
      const answer = await ask(visit, asked, (asking) =>
        Readable.from(piecesOf(bytes)).pipe(asking),
      );
      return compared(answer, bytes);
    },
  },
  {
    title: "a request that waits for 100 Continue",
    outcome: "200, every byte",
    run: async (visit) => {
      const bytes = visit.bytes(5_000);
      const headers = { Expect: "100-continue" };
      const asked = { method: "POST", path: "/echo", headers };
      const answer = await ask(visit, asked, (asking) => {
        asking.flushHeaders();
        asking.once("continue", () => asking.end(bytes));
      });
      return compared(answer, bytes);
    },
  },
  {
    title: "a request with a Content-Length that is too short",
    outcome: "400",
    otherwise: "200 400",
    run: async (visit) => {
      const head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10";
      const said = `${head}\r\n\r\nten bytes! and more`;
      return statuses(await say(visit, said, "wait"));
    },
  },
  {
    title: "a request with a Content-Length that is too long",
    outcome: "PATIENCE",
    run: async (visit) => {
      const headers = { "Content-Length": 100 };
      const asked = { method: "POST", path: "/echo", headers };
      const send = (asking: ClientRequest): void =>
        void asking.end("not a hundred");
      return text(await ask(visit, asked, send));
    },
  },
  {
    title: "an answer with a Content-Length that is too long",
    outcome: "ECONNRESET",
    run: async (visit) => text(await ask(visit, { path: "/less" })),
  },
  {
    title: "an answer with a Content-Length that is too short",
    outcome: "HPE_INVALID_CONSTANT",
    otherwise: "200 five ",
    run: async (visit) => text(await ask(visit, { path: "/more" })),
  },
  {
    title: "an answer before the request was read",
    outcome: "413 too much",
    // What the client still sends meets a closed door, and the answer may be lost with the connection.
    otherwise: "ECONNRESET",
    run: async (visit) => {
      const asked = { method: "POST", path: "/refuse" };
      const send = (asking: ClientRequest): void => {
        asking.write(visit.bytes(1_000));
        asking.once("response", () => asking.end());
      };
      return text(await ask(visit, asked, send));
    },
  },
  {
    title: "a connection that the server resets",
    outcome: "ECONNRESET",
    run: async (visit) => text(await ask(visit, { path: "/reset" })),
  },
  {
    title: "a server that never answers",
    outcome: "PATIENCE",
    run: async (visit) => text(await ask(visit, { path: "/never" })),
  },
  {
    title: "a client that leaves in the middle of a request",
    outcome: "left, and 200 hello\n",
    run: async (visit) => {
      const asked = { method: "POST", path: "/stream" };
      const leaving = ask(visit, asked, (asking) => {
        asking.write(visit.bytes(20_000));
        asking.once("response", () => asking.destroy(left()));
      });
      const code = await leaving.then(text, codeOf);
      if (code !== "LEFT") throw Object.assign(new Error(code), { code });
      return `left, and ${text(await ask(visit, { path: "/hello" }))}`;
    },
  },
  {
    title: "two requests in one piece",
    outcome: "200 404",
    run: async (visit) => {
      const one = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
      const two = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      return statuses(await say(visit, one + two, "wait"), 2);
    },
  },
  {
    title: "a request of a client that ends its side",
    outcome: "200",
    run: async (visit) =>
      statuses(await say(visit, "GET /hello HTTP/1.0\r\n\r\n", "end")),
  },
  {
    title: "what is no request",
    outcome: "400",
    run: async (visit) =>
      statuses(await say(visit, "once upon a time\r\n\r\n", "wait")),
  },
];

function text({ status, body }: Answer): string {
  return `${status} ${String(body)}`;
}

function compared({ status, body }: Answer, expected: Uint8Array): string {
  return `${status}, ${body.equals(expected) ? "every byte" : `another body of ${body.length} bytes`}`;
}

/** The status of each answer in a text; an error when there are too few, since the server may end at any time. */
function statuses(answers: string, count = 1): string {
  const all = [...answers.matchAll(/HTTP\/1\.1 (\d+)[^]*?\r\n\r\n/g)];
  if (all.length < count)
    throw Object.assign(new Error("too few answers"), { code: "ENDED" });
  return all.map(([, status]) => status).join(" ");
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0, length = 1; at < bytes.length; at += length, length *= 3)
    yield bytes.subarray(at, at + length);
}

function left(): Error {
  return Object.assign(new Error("changed my mind"), { code: "LEFT" });
}

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? String(error);
}
