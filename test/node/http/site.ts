/** A web server of `node:http`, good and bad, with nothing of Wavetank in it. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

type Page = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<unknown> | void;

/** What `/chunks` consists of. */
export const chunks: readonly string[] = Array.from({ length: 40 }, (_, at) =>
  `${at},`.repeat(1 + ((at * 37) % 800)),
);

/** A server that does not listen yet. */
export function site(): Server {
  return createServer((request, response) => {
    const page = pages[`${request.method} ${request.url}`] ?? notFound;
    Promise.resolve(page(request, response)).catch(gone);
  });
}

const pages: Readonly<Record<string, Page>> = {
  "GET /hello": (_, response) => void response.end("hello\n"),
  "HEAD /hello": (_, response) =>
    void response.setHeader("Content-Length", 6).end(),
  "GET /port": ({ socket }, response) =>
    void response.end(String(socket.remotePort)),
  "POST /echo": async (request, response) =>
    response.end(await readAll(request)),
  "POST /stream": (request, response) => pipeline(request, response),
  "GET /chunks": sendChunks,
  "POST /refuse": (_, response) =>
    void response.writeHead(413, { Connection: "close" }).end("too much"),
  "GET /reset": ({ socket }) => void socket.resetAndDestroy(),
  "GET /never": () => undefined,
  "GET /less": (_, response) => {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("promised a hundred", () => response.destroy());
  },
  "GET /more": (_, response) =>
    void response.writeHead(200, { "Content-Length": 5 }).end("five and more"),
};

/** Everything that a stream has. */
export async function readAll(stream: Readable): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of stream) all.push(chunk as Buffer);
  return Buffer.concat(all);
}

/** As a generator of a report does it: piece by piece, at the reader's pace, and a trailer that vouches for it. */
async function sendChunks(
  _: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(200, { Trailer: "Pieces" });
  await pipeline(chunks, response, { end: false });
  response.addTrailers({ Pieces: String(chunks.length) });
  response.end();
}

function notFound(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end(`there is no ${request.url} here`);
}

function gone(): void {
  // The client is not there any more.
}
