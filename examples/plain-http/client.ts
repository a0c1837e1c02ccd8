/** An HTTP client of `node:http`, without Wavetank. */
import { type IncomingMessage, request, type RequestOptions } from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Send a request and wait for all of the answer. */
export function ask(options: RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(options, (response) => {
      readAll(response).then(resolve, reject);
    });
    asking.on("error", reject);
    asking.on("timeout", () => asking.destroy(new Error("no answer")));
    asking.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<Answer> {
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += chunk;
  return { status: response.statusCode ?? 0, body };
}
