/** A client of `node:http`, in one function. */
import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type RequestOptions,
} from "node:http";
import type { Duplex } from "node:stream";

import { readAll } from "./site.ts";

/** Where to go, and by what means. */
export interface Visit {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
  /** Who is not answered for so long gives up. */
  readonly patienceMs: number;
  /** A bare connection to the server. */
  connect(): Duplex;
  /** So many bytes of the visitor's own. */
  bytes(length: number): Uint8Array;
  /** Let time pass. */
  sleep(ms: number): Promise<void>;
}

/** An answer that came in full. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly body: Buffer;
  /** Whether the connection had been used before. */
  readonly reused: boolean;
}

/** Send a request, and wait for all of the answer. */
export function ask(
  visit: Visit,
  options: RequestOptions,
  send: (asking: ClientRequest) => unknown = (asking) => asking.end(),
): Promise<Answer> {
  const { agent, host, port, patienceMs } = visit;
  const target = { agent, host, port, timeout: patienceMs };
  return new Promise((resolve, reject) => {
    const asking = request({ ...target, ...options }, (response) => {
      answerOf(asking, response).then(resolve, reject);
    });
    asking.on("error", reject);
    asking.on("timeout", () => asking.destroy(patienceIsOver()));
    send(asking);
  });
}

/** Say something over a connection of one's own, and listen until the server ends. */
export async function say(
  visit: Visit,
  text: string,
  how: "end" | "wait",
): Promise<string> {
  const socket = visit.connect();
  let isOver = false;
  const giveUp = (): void => {
    if (!isOver) socket.destroy(patienceIsOver());
  };
  visit.sleep(visit.patienceMs).then(giveUp, giveUp);
  try {
    if (how === "end") socket.end(text);
    else socket.write(text);
    return String(await readAll(socket));
  } finally {
    isOver = true;
    socket.destroy();
  }
}

async function answerOf(
  asking: ClientRequest,
  response: IncomingMessage,
): Promise<Answer> {
  const body = await readAll(response);
  const { statusCode: status = 0, headers, trailers } = response;
  return { status, headers, trailers, body, reused: asking.reusedSocket };
}

function patienceIsOver(): Error {
  return Object.assign(new Error("no answer"), { code: "PATIENCE" });
}
