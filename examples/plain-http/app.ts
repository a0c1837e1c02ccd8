/** An HTTP server as one finds it everywhere: `node:http`, and not a word of Wavetank. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";

/** `GET /hello` greets, `POST /echo` sends back what it gets while it gets it. */
export function app(request: IncomingMessage, response: ServerResponse): void {
  const what = `${request.method} ${request.url}`;
  if (what === "GET /hello") {
    response.end("hello\n");
  } else if (what === "POST /echo") {
    pipeline(request, response, () => {
      // Whoever sent half a request is not there for the answer.
    });
  } else {
    response.writeHead(404).end(`there is no ${what} here\n`);
  }
}
